<?php
declare(strict_types=1);

/**
 * Runs one of Magento's own commands in a process of its own, for Magento is loaded once a process only. What is in
 * `$options` goes by standard input and becomes no argument that others can read; what the command says goes to stderr.
 * `$folders` are folders that this run takes instead of the project's, by Magento's name for them. Throws when it fails.
 */
function run_console(string $command, array $options = [], array $folders = []): void
{
    $process = proc_open([PHP_BINARY, __DIR__ . '/run-console.php'], [['pipe', 'r'], ['file', 'php://stderr', 'w'], ['file', 'php://stderr', 'w']], $pipes);
    fwrite($pipes[0], json_encode(['command' => $command, 'options' => $options, 'folders' => $folders], JSON_THROW_ON_ERROR));
    fclose($pipes[0]);
    $code = proc_close($process);
    $code === 0 || throw new RuntimeException("$command failed; the lines above say why");
}

/** @return list<string> names of the consumers that have messages to take */
function waiting_consumers(): array
{
    $process = proc_open([PHP_BINARY, __DIR__ . '/waiting-consumers.php'], [['file', '/dev/null', 'r'], ['pipe', 'w'], ['file', 'php://stderr', 'w']], $pipes);
    $names = json_decode((string) stream_get_contents($pipes[1]), true);
    proc_close($process) === 0 || throw new RuntimeException('the queues could not be looked at; the lines above say why');
    return is_array($names) ? $names : [];
}
