<?php
declare(strict_types=1);

/* {"command":…,"options":{…},"folders":{…}} on standard input: the child of run_console(). Licence: GPL-2.0-or-later. */
require __DIR__ . '/command.php';

use Symfony\Component\Console\Input\ArrayInput;
use Symfony\Component\Console\Output\StreamOutput;

$input = read_input('command');
foreach ($input['folders'] as $name => $path) {
    $_SERVER['MAGE_DIRS'] ??= ['base' => ['path' => MAGENTO]];
    $_SERVER['MAGE_DIRS'][$name] = ['path' => $path];
}
try {
    require MAGENTO . '/app/bootstrap.php';
    set_error_handler([new Magento\Framework\App\ErrorHandler(), 'handler']);
    $console = new Magento\Framework\Console\Cli('Magento CLI');
    $console->setAutoExit(false);
    $console->setCatchExceptions(false);
    $arguments = new ArrayInput(['command' => $input['command']] + $input['options']);
    $arguments->setInteractive(false);
    exit($console->run($arguments, new StreamOutput(STDERR, decorated: false)));
} catch (Throwable $error) {
    for (; $error !== null; $error = $error->getPrevious()) {
        fwrite(STDERR, first_line($error) . "\n");
    }
    exit(1);
}
