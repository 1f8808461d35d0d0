<?php
declare(strict_types=1);

use PHPUnit\Framework\Attributes\TestDox;
use PHPUnit\Framework\TestCase;

/** Of an installed site, as php-fpm runs it with the image's own settings. */
final class CompiledCodeTest extends TestCase
{
    #[TestDox('all of WordPress stays compiled from one page to the next')]
    public function testKept(): void
    {
        file_put_contents('/tmp/compiled.php', '<?php require "/var/www/html/wp-load.php";
            $ours = array_filter(get_included_files(), static fn ($file) => str_starts_with($file, "/var/www/") || str_starts_with($file, "/usr/"));
            echo json_encode([count($ours), array_values(array_filter($ours, static fn ($file) => !opcache_is_script_cached($file)))]);');
        [, $body] = visit_shop(['SCRIPT_FILENAME' => '/tmp/compiled.php']);
        [$count, $forgotten] = json_decode($body, true);
        self::assertGreaterThan(200, $count);
        self::assertSame([], $forgotten);
    }
}
