<?php
declare(strict_types=1);

/*
 * In: {"to"}. Out: {"message"}: the mail in base64 as our sendmail would have handed it on, or null where a plugin sends
 * mail by itself. WordPress is loaded as for a visitor, plugins and all: they are what a mail goes through.
 * License: GPL-2.0-or-later.
 */
const SHOP_PROGRAM = 'shop-trial-mail';
require __DIR__ . '/../program.php';
require __DIR__ . '/../trial-mail.php';

$to = read_object((string) stream_get_contents(STDIN), ['to'])['to'];
stand_at('https://localhost');
answer_with(static function () use ($to): array {
    require '/var/www/html/wp-load.php';
    is_email($to) || fail('"to" is no address');
    $shop = wp_specialchars_decode((string) get_option('blogname'), ENT_QUOTES);
    $message = trial_mail(static function () use ($to, $shop): void {
        add_action('wp_mail_failed', static fn (WP_Error $error) => fail($error->get_error_message()));
        wp_mail($to, "A test from $shop", "This is how $shop writes to its customers. You asked for it on your hosting's pages.\n") || fail('WordPress could not write the mail');
    });
    return ['message' => $message];
});
