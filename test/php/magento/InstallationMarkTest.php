<?php
declare(strict_types=1);

use PHPUnit\Framework\Attributes\TestDox;
use PHPUnit\Framework\TestCase;

final class InstallationMarkTest extends TestCase
{
    protected function setUp(): void
    {
        empty_store();
    }

    #[TestDox('an empty database begins, and so does one that an interrupted try has left, emptied again')]
    public function testBegins(): void
    {
        self::assertSame(Installation::Started, begin_installation(database()));
        database()->query('CREATE TABLE parents (id INT PRIMARY KEY) ENGINE=InnoDB');
        database()->query('CREATE TABLE children (id INT, FOREIGN KEY (id) REFERENCES parents (id)) ENGINE=InnoDB');
        database()->query('CREATE VIEW seen AS SELECT id FROM parents');

        self::assertSame(Installation::Started, begin_installation(database()));
        self::assertSame([MARK_TABLE], tables_of(database()));
    }

    #[TestDox('a finished shop is left as it is')]
    public function testFinished(): void
    {
        begin_installation(database());
        database()->query('CREATE TABLE core_config_data (id INT)');
        mark(database(), Installation::Finished);

        self::assertSame(Installation::Finished, begin_installation(database()));
        self::assertContains('core_config_data', tables_of(database()));
    }

    #[TestDox('a shop that waits for its owner is left as it is, until it is its owner’s')]
    public function testUnowned(): void
    {
        begin_installation(database());
        database()->query('CREATE TABLE core_config_data (id INT)');
        mark(database(), Installation::Unowned);

        self::assertSame(Installation::Unowned, begin_installation(database()));
        self::assertContains('core_config_data', tables_of(database()));
        database()->query('CREATE TABLE customer_entity (id INT)');
        database()->query('INSERT INTO customer_entity VALUES (1)');
        try {
            begin_installation(database());
            self::fail('it is handed out with somebody in it');
        } catch (RuntimeException $error) {
            self::assertStringContainsString('nothing was changed', $error->getMessage());
        }
        database()->query('DROP TABLE customer_entity');
        mark(database(), Installation::Finished);
        self::assertSame(Installation::Finished, begin_installation(database()));
    }

    #[TestDox('a shop that was brought here without our mark is left as it is')]
    public function testBrought(): void
    {
        database()->query('CREATE TABLE core_config_data (id INT)');
        database()->query('CREATE TABLE setup_module (id INT)');

        self::assertSame(Installation::Finished, begin_installation(database()));
        self::assertSame(['core_config_data', 'setup_module'], tables_of(database()));
    }

    #[TestDox('a shop that was brought here stays also when the mark was being made: a table without a word in it')]
    public function testBroughtAndKilled(): void
    {
        database()->query('CREATE TABLE core_config_data (id INT)');
        database()->query('CREATE TABLE setup_module (id INT)');
        database()->query('CREATE TABLE ' . MARK_TABLE . ' (state VARCHAR(16) NOT NULL PRIMARY KEY)');

        self::assertSame(Installation::Finished, begin_installation(database()));
        self::assertContains('core_config_data', tables_of(database()));
    }

    #[TestDox('where somebody has bought or signed up nothing is dropped, whatever the mark says')]
    public function testNeverDropsOrders(): void
    {
        foreach (['sales_order', 'customer_entity'] as $table) {
            empty_store();
            begin_installation(database());
            database()->query("CREATE TABLE $table (id INT)");
            self::assertSame(Installation::Started, begin_installation(database()), 'an empty one is an interrupted try');
            database()->query("CREATE TABLE $table (id INT)");
            database()->query("INSERT INTO $table VALUES (1)");
            try {
                begin_installation(database());
                self::fail('it began');
            } catch (RuntimeException $error) {
                self::assertStringContainsString('nothing was changed', $error->getMessage());
            }
            self::assertContains($table, tables_of(database()));
        }
    }

    #[TestDox('tables of something else are refused and not touched')]
    public function testForeign(): void
    {
        database()->query('CREATE TABLE somebodys (id INT)');
        try {
            begin_installation(database());
            self::fail('it began');
        } catch (RuntimeException $error) {
            self::assertStringContainsString('nothing was changed', $error->getMessage());
        }
        self::assertSame(['somebodys'], tables_of(database()));
    }
}
