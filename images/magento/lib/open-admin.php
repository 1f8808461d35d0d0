<?php
declare(strict_types=1);

/*
 * The page that the hosting's page sends the owner's browser to, with a token in a form: never in an address, so in no
 * log and no Referer. Signs the administrator in whom shop-admin-link has written down, once, and leads on to where the
 * administration begins. License: GPL-2.0-or-later.
 */
require __DIR__ . '/magento.php';
require __DIR__ . '/admin-link.php';
require __DIR__ . '/looks.php';
require __DIR__ . '/commands/admin.php';

const FIELD = 'shophosting_admin_link';

$token = $_SERVER['REQUEST_METHOD'] === 'POST' ? $_POST[FIELD] ?? null : null;
$link = is_string($token) ? shop_use_admin_link($token, time()) : null;
$link === null && refuse();
as_first_page((string) (shop_facts()['adminPath'] ?? refuse()));
$to = sign_in($link['user'], $link['proven']) ?? refuse();
setcookie('shophosting_look', shop_new_look(), ['path' => '/', 'secure' => true, 'httponly' => true, 'samesite' => 'Lax']);
header('Cache-Control: no-store');
header("Location: $to", true, 303);

function refuse(): never
{
    http_response_code(403);
    header('Cache-Control: no-store');
    header('Content-Type: text/html; charset=utf-8');
    echo <<<HTML
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Open admin</title>
        <style>body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:20vh auto;padding:0 1rem;color:#1d2327}</style>
        <h1>This link is over</h1>
        <p>It has been used already, or is older than a minute. Go back to your hosting and open the administration from there again.</p>
        </html>

        HTML;
    exit;
}

/**
 * Magento makes its session and its cookie for the address that is asked for: for the administration's own. Of what the
 * browser sent nothing reaches it, so that a session is always a new one and no extension gets to see a token.
 */
function as_first_page(string $adminPath): void
{
    $_POST = $_GET = $_REQUEST = $_COOKIE = $_FILES = [];
    $_SERVER = ['REQUEST_METHOD' => 'GET', 'REQUEST_URI' => "/$adminPath/", 'QUERY_STRING' => '', 'SCRIPT_NAME' => '/index.php',
        'SCRIPT_FILENAME' => MAGENTO . '/pub/index.php', 'PHP_SELF' => '/index.php'] + $_SERVER;
    unset($_SERVER['HTTP_COOKIE'], $_SERVER['CONTENT_TYPE'], $_SERVER['CONTENT_LENGTH'], $_SERVER['HTTP_CONTENT_TYPE'], $_SERVER['HTTP_CONTENT_LENGTH']);
}

/** What Magento does after the form of its login. The address of the first page; null for who is no administrator (any more). */
function sign_in(int $userId, bool $proven): ?string
{
    $user = magento()->get(Magento\User\Model\UserFactory::class)->create()->load($userId);
    if ((int) $user->getIsActive() !== 1 || !may_do_everything((int) $user->getRole()->getId())) {
        return null;
    }
    $session = magento()->get(Magento\Backend\Model\Auth\Session::class);
    $session->setUser($user);
    $session->processLogin();
    magento()->get(Magento\User\Model\ResourceModel\User::class)->recordLogin($user);
    // Who is signed in where: a new password ends it, and so may a sign-in elsewhere.
    magento()->get(Magento\Security\Model\AdminSessionsManager::class)->processLogin();
    // As after the form: whoever watches sign-ins is told.
    magento()->get(Magento\Framework\Event\ManagerInterface::class)->dispatch('backend_auth_user_login_success', ['user' => $user]);
    // The proof that the hosting asked for a moment ago stands for the second factor of this one sign-in; docs/operating/magento.md says why.
    if ($proven && interface_exists(Magento\TwoFactorAuth\Api\TfaSessionInterface::class)) {
        magento()->get(Magento\TwoFactorAuth\Api\TfaSessionInterface::class)->grantAccess();
    }
    $address = magento()->get(Magento\Backend\Model\UrlInterface::class);
    return $address->getUrl($address->getStartupPageUrl());
}
