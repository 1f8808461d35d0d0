<?php
declare(strict_types=1);

/*
 * A mail that is written to be looked at, not sent: `send` writes it as the shop writes all of its own, and our sendmail
 * puts it into a folder of this process instead of the spool. Null where nothing came: something in the shop sends mail
 * by itself. License: GPL-2.0-or-later.
 */
function trial_mail(Closure $send): ?string
{
    $folder = '/tmp/trial-mail-' . bin2hex(random_bytes(8));
    mkdir($folder, 0700);
    putenv("SHOP_MAIL_SPOOL=$folder");
    try {
        $send();
        $written = glob("$folder/*.eml") ?: [];
        return $written === [] ? null : base64_encode((string) file_get_contents($written[0]));
    } finally {
        putenv('SHOP_MAIL_SPOOL');
        array_map(unlink(...), glob("$folder/*") ?: []);
        rmdir($folder);
    }
}
