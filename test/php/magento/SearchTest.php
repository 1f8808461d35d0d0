<?php
declare(strict_types=1);

use PHPUnit\Framework\Attributes\TestDox;
use PHPUnit\Framework\TestCase;

/** An engine that says what it is told to, and writes down what it was asked. */
final class SearchTest extends TestCase
{
    private const PROGRAM = '/tmp/engine.php';
    private const ASKED = '/tmp/engine.asked';
    /** @var resource|null */
    private mixed $engine = null;

    protected function setUp(): void
    {
        putenv('SEARCH_HOST=127.0.0.1');
    }

    protected function tearDown(): void
    {
        if ($this->engine !== null) {
            proc_terminate($this->engine, 9);
            proc_close($this->engine);
        }
        putenv('SEARCH_HOST');
    }

    private function answering(int $status, array $answer): void
    {
        file_put_contents(self::PROGRAM, '<?php file_put_contents(' . var_export(self::ASKED, true) . ', "$_SERVER[REQUEST_METHOD] $_SERVER[REQUEST_URI] " . file_get_contents("php://input"));'
            . "http_response_code($status); echo " . var_export(json_encode($answer), true) . ';');
        $quiet = ['file', '/dev/null', 'w'];
        $this->engine = proc_open([PHP_BINARY, '-S', '127.0.0.1:9200', self::PROGRAM], [['file', '/dev/null', 'r'], $quiet, $quiet], $pipes);
        for ($try = 0; $try < 200 && @fsockopen('127.0.0.1', 9200) === false; $try++) {
            usleep(20_000);
        }
    }

    #[TestDox('the engine is told that no index has copies')]
    public function testNoCopies(): void
    {
        $this->answering(200, ['acknowledged' => true]);

        want_no_copies(5);

        [$method, $path, $body] = explode(' ', (string) file_get_contents(self::ASKED), 3);
        self::assertSame(['PUT', '/_index_template/shop'], [$method, $path]);
        self::assertSame(
            ['index_patterns' => ['*'], 'template' => ['settings' => ['index' => ['number_of_replicas' => 0]]]],
            json_decode($body, true),
        );
    }

    #[TestDox('one that refuses is quoted')]
    public function testRefused(): void
    {
        $this->answering(400, ['error' => ['type' => 'illegal_argument_exception', 'reason' => 'has the same priority as [other]'], 'status' => 400]);

        $this->expectExceptionMessage('the search engine refuses the template for indices with 400: has the same priority as [other]');
        want_no_copies(5);
    }

    #[TestDox('one that says yes and does not mean it is refused')]
    public function testNotAcknowledged(): void
    {
        $this->answering(200, ['acknowledged' => false]);

        $this->expectExceptionMessage('refuses the template for indices with 200');
        want_no_copies(5);
    }

    #[TestDox('where none answers that is said')]
    public function testNobody(): void
    {
        $this->expectException(RuntimeException::class);
        want_no_copies(1);
    }
}
