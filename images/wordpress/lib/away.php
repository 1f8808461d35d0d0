<?php
declare(strict_types=1);

/** Answers with 503 and a plain page that tries again by itself. Needs neither database nor WordPress. */
function shop_say_away(int $retrySeconds, string $why): never
{
    // Asked by the hosting for a page to keep: there is none, and visitors need not wait for one another (kept-pages.php).
    if ('whole' === ($_SERVER['HTTP_X_SHOP_PAGE'] ?? '')) {
        header('HTTP/1.1 470 Not Shared', true, 470);
        header('Cache-Control: max-age=5');
        exit;
    }
    http_response_code(503);
    header("Retry-After: $retrySeconds");
    header('Cache-Control: no-store');
    header('Content-Type: text/html; charset=utf-8');
    echo <<<HTML
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="refresh" content="$retrySeconds">
        <title>Back in a moment</title>
        <style>body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:20vh auto;padding:0 1rem;color:#1d2327}</style>
        <h1>Back in a moment</h1>
        <p>$why The page tries again by itself.</p>
        </html>

        HTML;
    exit;
}
