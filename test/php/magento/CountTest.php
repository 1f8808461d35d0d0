<?php
declare(strict_types=1);

use PHPUnit\Framework\Attributes\TestDox;
use PHPUnit\Framework\TestCase;

/** The look at what the compiler and the deployment left, on a project as small as can be. */
final class CountTest extends TestCase
{
    private const PROJECT = '/var/www/magento';
    private const MODULES = ['Acme_One', 'Acme_Two', 'Acme_Three', 'Acme_Four'];
    private const CODE = 'frontend/Acme/plain';
    private const DEPLOYED = '/pub/static/' . self::CODE . '/en_US/';
    private const NEEDED = ['requirejs-config.js', 'requirejs/require.js', 'jquery.js', 'js-translation.json', 'css/styles-m.css'];
    /** What is looked at but for the needed ones: 100 of lib/web, 20 of the theme, 10 of each module that is on. */
    private const EXPECTED = 160;

    protected function setUp(): void
    {
        $this->empty();
        $this->put('/app/etc/config.php', '<?php return ' . var_export(['modules' => array_fill_keys(self::MODULES, 1) + ['Acme_Off' => 0]], true) . ';');
        $this->put('/app/bootstrap.php', <<<'PHP'
            <?php
            namespace Magento\Framework\Component;
            class ComponentRegistrar
            {
                const MODULE = 'module';
                const THEME = 'theme';
                public function getPaths(string $type): array
                {
                    $modules = array_keys((require '/var/www/magento/app/etc/config.php')['modules']);
                    return $type === self::THEME
                        ? ['frontend/Acme/plain' => '/var/www/magento/theme']
                        : array_combine($modules, array_map(fn ($name) => "/var/www/magento/modules/$name", $modules));
                }
            }
            PHP);
        $this->put('/theme/theme.xml', '<theme><title>Plain</title></theme>');
        $this->put('/pub/static/deployed_version.txt', '1');
        $this->putMany('/lib/web/lib-%d.js', 100);
        $this->putMany('/lib/web/less-%d.less', 500);
        $this->putMany('/theme/web/theme-%d.css', 20);
        foreach ([...self::MODULES, 'Acme_Off'] as $module) {
            $this->putMany("/modules/$module/view/base/web/base-%d.js", 5);
            $this->putMany("/modules/$module/view/frontend/web/front-%d.js", 5);
            $this->putMany("/modules/$module/view/adminhtml/web/admin-%d.js", 50);
        }
    }

    protected function tearDown(): void
    {
        $this->empty();
    }

    #[TestDox('fewer than five classes a module end the build, however well the compiler says it ended')]
    public function testFewClasses(): void
    {
        $this->putMany('/generated/code/Class%d.php', 19);
        $this->compiled();
        $this->assertRefused('compiled 19 classes for 4 modules; at least 20 are expected', 'code');

        $this->putMany('/generated/code/Class%d.php', 20);
        self::assertSame([0, "magento build: 20 classes for 4 modules\n", ''], $this->look('code'));
    }

    #[TestDox('the compiled configuration of an area that is missing or cut off ends the build')]
    public function testNoMetadata(): void
    {
        $this->putMany('/generated/code/Class%d.php', 20);
        $this->compiled();
        $this->put('/generated/metadata/crontab.php', '<?php return [];');
        $this->assertRefused('the compiled configuration of crontab is missing', 'code');

        unlink(self::PROJECT . '/generated/metadata/crontab.php');
        $this->assertRefused('the compiled configuration of crontab is missing', 'code');
    }

    #[TestDox('less than seven tenths of the files that the tree holds end the build')]
    public function testFewFiles(): void
    {
        $this->deployed(9);
        $this->assertRefused(self::CODE . ' in en_US has 14 static files of ' . self::EXPECTED . '; at least 112 are expected', 'static', 'en_US');

        $this->deployed(106);
        $this->assertRefused('has 111 static files', 'static', 'en_US');

        $this->deployed(107);
        self::assertSame([0, 'magento build: ' . self::CODE . " in en_US: 112 static files of 160\n", ''], $this->look('static', 'en_US'));
    }

    #[TestDox('a language that was not deployed ends the build, beside one that was')]
    public function testNoLocale(): void
    {
        $this->deployed(150);
        $this->assertRefused(self::CODE . ' in de_DE has 0 static files', 'static', 'en_US', 'de_DE');
    }

    #[TestDox('without the files that every page starts with, the style sheet or the version the build ends')]
    public function testNeeded(): void
    {
        foreach (self::NEEDED as $name) {
            $this->deployed(150);
            unlink(self::PROJECT . self::DEPLOYED . $name);
            $this->assertRefused($name === 'css/styles-m.css' ? 'has no style sheet' : "has no $name", 'static', 'en_US');
        }
        $this->deployed(150);
        unlink(self::PROJECT . '/pub/static/deployed_version.txt');
        $this->assertRefused('the static files have no version', 'static', 'en_US');
    }

    /** @return array{int, string, string} */
    private function look(string ...$argv): array
    {
        return run_program([PHP_BINARY, SHOP . '/build/count.php', ...$argv]);
    }

    private function assertRefused(string $why, string ...$argv): void
    {
        [$code, , $said] = $this->look(...$argv);
        self::assertSame(1, $code, $said);
        self::assertStringContainsString($why, $said);
    }

    private function compiled(): void
    {
        foreach (['global', 'frontend', 'adminhtml', 'crontab', 'webapi_rest'] as $area) {
            $this->put("/generated/metadata/$area.php", str_repeat(' ', 100_001));
        }
    }

    /** What is needed, and as many more. */
    private function deployed(int $others): void
    {
        foreach (self::NEEDED as $name) {
            $this->put(self::DEPLOYED . $name, '');
        }
        $this->putMany(self::DEPLOYED . 'other-%d.js', $others);
    }

    private function putMany(string $pattern, int $times): void
    {
        for ($number = 0; $number < $times; $number++) {
            $this->put(sprintf($pattern, $number), '');
        }
    }

    private function put(string $path, string $text): void
    {
        $file = self::PROJECT . $path;
        is_dir(dirname($file)) || mkdir(dirname($file), recursive: true);
        file_put_contents($file, $text);
    }

    /** The folder itself is where it is mounted. */
    private function empty(): void
    {
        $entries = new RecursiveIteratorIterator(new RecursiveDirectoryIterator(self::PROJECT, FilesystemIterator::SKIP_DOTS), RecursiveIteratorIterator::CHILD_FIRST);
        foreach ($entries as $path => $entry) {
            $entry->isDir() ? rmdir($path) : unlink($path);
        }
    }
}
