<?php
declare(strict_types=1);

use PHPUnit\Framework\Attributes\TestDox;
use PHPUnit\Framework\TestCase;

final class TidyTest extends TestCase
{
    private const FOLDER = '/tmp/tidy';

    #[TestDox('a log that got long is put aside, once, and of many reports the newest stay')]
    public function testEnds(): void
    {
        mkdir(self::FOLDER . '/log', recursive: true);
        mkdir(self::FOLDER . '/report/ab', recursive: true);
        file_put_contents(self::FOLDER . '/log/system.log', 'short');
        file_put_contents(self::FOLDER . '/log/exception.log.1', 'older');
        $this->writeLong('exception.log');
        for ($i = 0; $i < REPORTS + 20; $i++) {
            touch(self::FOLDER . "/report/ab/$i", 1_000_000 + $i);
        }

        tidy(self::FOLDER);

        self::assertSame(['exception.log.1', 'system.log'], $this->names('log'));
        self::assertSame(LOG_BYTES + 1, filesize(self::FOLDER . '/log/exception.log.1'));
        self::assertCount(REPORTS, $this->names('report/ab'));
        self::assertFileDoesNotExist(self::FOLDER . '/report/ab/19');
    }

    #[TestDox('a shop that has written nothing yet has nothing to tidy')]
    public function testNothing(): void
    {
        tidy('/tmp/nobody-was-here');
        self::assertDirectoryDoesNotExist('/tmp/nobody-was-here');
    }

    private function writeLong(string $name): void
    {
        $log = fopen(self::FOLDER . "/log/$name", 'w');
        ftruncate($log, LOG_BYTES + 1);
        fclose($log);
    }

    /** @return list<string> */
    private function names(string $folder): array
    {
        return array_values(array_diff(scandir(self::FOLDER . "/$folder"), ['.', '..']));
    }
}
