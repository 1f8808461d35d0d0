<?php
declare(strict_types=1);

/** Gives the shop this address. Returns it; settings and pages that name another one are forgotten. */
function set_url(string $url): string
{
    if (write_settings(['web/unsecure/base_url' => $url, 'web/secure/base_url' => $url])) {
        forget_caches();
    }
    return $url;
}
