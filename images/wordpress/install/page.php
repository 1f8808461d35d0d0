<?php
declare(strict_types=1);

/*
 * Hands a shop that waits to its owner, as shop-install does, without a process of its own for it: that alone takes as
 * long as the work, and the first page finds its PHP awake. Asked by the platform at the container's own address, where
 * neither the edge nor another shop can reach; by somebody who knows the shop's database password.
 *
 * In: what shop-install is told, as the body. Out: its answer, with 200. With 409 nothing was done: the shop is not
 * nobody's, or shop-install is at work. With 500 nothing was done either, and the log says why.
 */
const SHOP_PROGRAM = 'shop-install (page)';
const LOCK = '/tmp/wp.lock';
require __DIR__ . '/../program.php';
require __DIR__ . '/../address.php';
require __DIR__ . '/../settings.php';
require __DIR__ . '/input.php';
require __DIR__ . '/finish.php';
require __DIR__ . '/hand-over.php';

function refuse(int $status): never
{
    http_response_code($status);
    exit;
}

// Until the work is done whatever ends this page has done nothing.
http_response_code(500);
$password = trim((string) file_get_contents('/run/secrets/shop/db-password'));
$isAllowed = $_SERVER['REQUEST_METHOD'] === 'POST' && $password !== ''
    && hash_equals(hash('sha256', "hand over $password"), (string) ($_SERVER['HTTP_X_SHOP_KEY'] ?? ''));
$isAllowed || refuse(404);
$lock = fopen(LOCK, 'c');
$isOurs = $lock !== false && flock($lock, LOCK_EX | LOCK_NB);
$isOurs || refuse(409);
$input = read_input((string) file_get_contents('php://input'));
(!$input['forNobody'] && mark_on_disk() === SHOP_UNOWNED) || refuse(409);
stand_at($input['url']);
header('Content-Type: application/json');
answer_with(static function () use ($input): array {
    $answer = take_over($input);
    http_response_code(200);
    return $answer;
});
