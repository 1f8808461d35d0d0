<?php
declare(strict_types=1);

require_once __DIR__ . '/sizes.php';
require_once __DIR__ . '/facts.php';
require_once __DIR__ . '/php-limits.php';
require_once __DIR__ . '/believed-gateway.php';

/** As php/*.ini have them; a test looks. */
const IMAGES_PHP_LIMITS = ['phpMemory' => 512, 'phpUpload' => 64, 'phpSeconds' => 80, 'phpInputVars' => 10000];
/** The longest that a request may take, where nobody has chosen a longer time. */
const LONGEST_REQUEST_SECONDS = 90;

/** Who stands in the door: the shop itself, or its page cache with the shop behind it. And the way to the search engine. */
function doors(): array
{
    $template = static fn (string $name): string => (string) file_get_contents("/usr/local/share/shop/nginx/$name");
    $search = strtr($template('door-to-search.conf'), ['{{SEARCH}}' => host_of('SEARCH_HOST') ?? '127.0.0.1']);
    if (host_of('VARNISH_HOST') === null) {
        return ['{{FRONT}}' => $search, '{{LISTEN}}' => 'listen 8080 default_server; listen 8082;'];
    }
    $self = gethostbyname((string) gethostname());
    return [
        '{{FRONT}}' => $search . strtr($template('front-of-varnish.conf'), ['{{SELF}}' => $self]),
        '{{LISTEN}}' => "listen 8082 default_server; set_real_ip_from varnish; set_real_ip_from $self; real_ip_header X-Real-IP;",
    ];
}

/** The two configurations in /run/shop, by what this container may have and what was chosen. Throws RuntimeException. */
function render_configuration(): array
{
    return put_configurations([
        'limits' => IMAGES_PHP_LIMITS,
        'workers' => max_children(memory_limit_bytes()),
        'seconds' => LONGEST_REQUEST_SECONDS,
        'nginx' => [
            ...doors(),
            '{{REAL_IP}}' => believed_gateway(),
        ],
    ]);
}
