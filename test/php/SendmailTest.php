<?php
declare(strict_types=1);

use PHPUnit\Framework\Attributes\TestDox;
use PHPUnit\Framework\TestCase;

final class SendmailTest extends TestCase
{
    private string $spool;

    protected function setUp(): void
    {
        $this->spool = '/tmp/spool-' . bin2hex(random_bytes(4));
        mkdir($this->spool);
    }

    /** @return array{int, string[], string} exit code, messages in the spool, stderr */
    private function send(string $message, string ...$arguments): array
    {
        [$code, , $error] = run_program(['/usr/local/bin/sendmail', ...$arguments], $message, ['SHOP_MAIL_SPOOL' => $this->spool]);
        return [$code, array_map(file_get_contents(...), glob("{$this->spool}/*.eml")), $error];
    }

    #[TestDox('a message goes into the spool whole, with its envelope in front and no Bcc')]
    public function testEnvelope(): void
    {
        [$code, $messages] = $this->send("To: \"Bea, the Buyer\" <bea@example.com>,\n carl@example.com\nBcc: secret@example.com\nSubject: Hi\n\nLine one\n.\nLine three\n", '-t', '-i', '-fshop@example.com');

        self::assertSame(0, $code);
        self::assertCount(1, $messages);
        [$head, $body] = explode("\r\n\r\n", $messages[0], 2);
        self::assertSame([
            'X-Shop-Envelope-From: <shop@example.com>',
            'X-Shop-Envelope-To: <bea@example.com>,',
            ' <carl@example.com>,',
            ' <secret@example.com>',
            'To: "Bea, the Buyer" <bea@example.com>,',
            ' carl@example.com',
            'Subject: Hi',
        ], explode("\r\n", $head));
        self::assertSame("Line one\r\n.\r\nLine three\r\n", $body);
        self::assertSame([], glob("{$this->spool}/*.tmp"));
    }

    #[TestDox('a message cannot bring an envelope of its own')]
    public function testForgedEnvelope(): void
    {
        [, $messages] = $this->send("To: a@example.com\nX-Shop-Envelope-To: <victim@example.com>\n\nx", '-t');

        self::assertSame(1, substr_count($messages[0], 'X-Shop-Envelope-To'));
        self::assertStringNotContainsString('victim', $messages[0]);
    }

    #[TestDox('a message to nobody, to too many or to what is no address is refused')]
    public function testRefusals(): void
    {
        $many = implode(', ', array_map(static fn (int $i): string => "b$i@example.com", range(1, 51)));

        self::assertSame(65, $this->send("Subject: x\n\nx", '-t')[0]);
        self::assertSame(65, $this->send("To: $many\n\nx", '-t')[0]);
        self::assertSame(65, $this->send("To: root\n\nx", '-t')[0]);
        self::assertSame(65, $this->send('', '-t')[0]);
        self::assertSame([], glob("{$this->spool}/*"));
    }

    #[TestDox('a full spool says "later" and keeps what it has')]
    public function testFullSpool(): void
    {
        for ($i = 0; $i < 200; $i++) {
            touch("{$this->spool}/$i.eml");
        }

        [$code, $messages, $error] = $this->send("To: a@example.com\n\nx", '-t');

        self::assertSame(75, $code);
        self::assertCount(200, $messages);
        self::assertStringContainsString('full', $error);
    }

    #[TestDox('a message over the size limit is refused')]
    public function testSize(): void
    {
        self::assertSame(65, $this->send("To: a@example.com\n\n" . str_repeat('x', 10 * 1024 * 1024), '-t')[0]);
    }

    #[TestDox('halves of messages that a crash left behind are cleared away after an hour')]
    public function testLeftovers(): void
    {
        touch("{$this->spool}/old.tmp", time() - 7200);
        touch("{$this->spool}/new.tmp");

        $this->send("To: a@example.com\n\nx", '-t');

        self::assertFileDoesNotExist("{$this->spool}/old.tmp");
        self::assertFileExists("{$this->spool}/new.tmp");
    }
}
