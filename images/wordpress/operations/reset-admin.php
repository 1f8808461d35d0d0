<?php
declare(strict_types=1);

/*
 * In: {"username", "password", "email"}. Out: {"username"}. Afterwards the account is there, is an administrator, has
 * this password, is signed in nowhere, and has no application passwords. The address is for an account that has to be
 * made: one that is there keeps its own, and one that somebody else has stays with them. The password is set last: when
 * this fails, the one before is good.
 */
const SHOP_PROGRAM = 'shop-reset-admin';
require __DIR__ . '/../program.php';

$input = read_object((string) stream_get_contents(STDIN), ['username', 'password', 'email']);
stand_at('https://localhost');
answer_with(static function () use ($input): array {
    load_bare_wordpress();
    ['username' => $username, 'password' => $password, 'email' => $email] = $input;
    if (sanitize_user($username, true) !== $username || strlen($username) > 60) {
        fail('"username" is no name of an account');
    }
    is_email($email) || fail('"email" is no address');
    strlen($password) <= 4096 || fail('"password" is too long');

    $user = get_user_by('login', $username) ?: make_account($username, $email);
    $user->set_role('administrator');
    user_can($user->ID, 'manage_options') || fail('the role "administrator" of this shop does not manage it');
    forget_ways_in($user->ID);
    // Slashed like everything that comes by a form: the sign-in page compares it that way.
    wp_set_password(wp_slash($password), $user->ID);
    // Once more: somebody may have come in by the old one meanwhile.
    forget_ways_in($user->ID);
    wp_cache_flush();
    return ['username' => $username];
});

/** Sign-ins that are open, and passwords of programs, which open the shop without the account's own. */
function forget_ways_in(int $id): void
{
    WP_Session_Tokens::get_instance($id)->destroy_all();
    WP_Application_Passwords::delete_all_application_passwords($id);
}

/** Public pages show "Team", never the name that logs in. */
function make_account(string $username, string $email): WP_User
{
    $id = wp_insert_user([
        'user_login' => $username,
        'user_pass' => wp_generate_password(32),
        'user_email' => email_exists($email) === false ? $email : '',
        'display_name' => 'Team',
        'nickname' => 'Team',
    ]);
    is_wp_error($id) && fail($id->get_error_message());
    return get_user_by('id', $id);
}
