<?php
declare(strict_types=1);

/* What the shop's commands share. Licence: GPL-2.0-or-later. */

require_once __DIR__ . '/../database.php';
require_once __DIR__ . '/../magento.php';

/** Ends with exit code 1 and the reason on stderr; the last line of the log is what people see. */
function fail(string $why): never
{
    fwrite(STDERR, basename($_SERVER['SCRIPT_FILENAME'], '.php') . ": $why\n");
    exit(1);
}

/**
 * One JSON object from standard input, with these members, each a text that is not empty. Ends the command otherwise.
 *
 * @return array<string, mixed>
 */
function read_input(string ...$texts): array
{
    $input = json_decode((string) stream_get_contents(STDIN), true);
    is_array($input) || fail('standard input is no JSON object');
    want_texts($input, ...$texts);
    return $input;
}

/** Ends the command unless all of these members are texts that are not empty. */
function want_texts(array $input, string ...$names): void
{
    foreach ($names as $name) {
        is_string($input[$name] ?? null) && trim($input[$name]) !== '' || fail("the input lacks \"$name\"");
    }
}

/** The address as Magento wants it, with one slash at its end. */
function base_url(string $url): string
{
    preg_match('#^https://[a-z0-9.-]+(?::\d{1,5})?/?$#i', $url) || fail('"url" must be https://host[:port]/');
    return rtrim($url, '/') . '/';
}

/** Runs the work; whatever it prints or throws becomes a line of the log, and the answer the last line of stdout. */
function answer_with(callable $work): void
{
    // Magento and its modules like to print, and to leave with exit code 0; only who comes to the end has succeeded.
    $finished = false;
    register_shutdown_function(static function () use (&$finished): void {
        while (ob_get_level() > 0) {
            ob_end_clean();
        }
        $finished || exit(1);
    });
    ob_start();
    try {
        $answer = $work();
    } catch (Throwable $error) {
        fail(first_line($error));
    }
    $finished = true;
    while (ob_get_level() > 0) {
        ob_end_clean();
    }
    echo json_encode($answer, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR), "\n";
}

function first_line(Throwable $error): string
{
    return $error::class . ': ' . substr((string) strtok($error->getMessage(), "\n"), 0, 500);
}

/** Writes settings of the whole shop, those that differ; the owner sees and changes them in the admin. True if one did. */
function write_settings(array $settings): bool
{
    $changed = false;
    $connection = magento()->get(Magento\Framework\App\ResourceConnection::class)->getConnection();
    $writer = magento()->get(Magento\Framework\App\Config\Storage\WriterInterface::class);
    $known = $connection->fetchPairs($connection->select()->from($connection->getTableName('core_config_data'), ['path', 'value'])
        ->where('scope = ?', 'default')->where('path IN (?)', array_keys($settings)));
    foreach ($settings as $path => $value) {
        if (!array_key_exists($path, $known) || $known[$path] !== $value) {
            $writer->save($path, $value);
            $changed = true;
        }
    }
    return $changed;
}

/** Everything that was computed from settings or content is forgotten, by the page cache in front of the shop and by this process too. */
function forget_caches(): void
{
    // As Magento's own command does it: the caches by themselves tell nobody outside.
    magento()->get(Magento\Framework\Event\ManagerInterface::class)->dispatch('adminhtml_cache_flush_system');
    $caches = magento()->get(Magento\Framework\App\Cache\Manager::class);
    $caches->clean($caches->getAvailableTypes());
    magento()->get(Magento\Framework\App\Config\ReinitableConfigInterface::class)->reinit();
}
