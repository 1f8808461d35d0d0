<?php
declare(strict_types=1);

/*
 * In: {"username", "password", "email"}. Out: {"username"}. Afterwards the account is there, is an administrator, has
 * this password, and is signed in nowhere. The address is for an account that has to be made: one that is there
 * keeps its own, and one that somebody else has stays with them.
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
    // Slashed like everything that comes by a form: the sign-in page compares it that way.
    wp_set_password(wp_slash($password), $user->ID);
    WP_Session_Tokens::get_instance($user->ID)->destroy_all();
    user_can($user->ID, 'manage_options') || fail('the role "administrator" of this shop does not manage it');
    wp_cache_flush();
    return ['username' => $username];
});

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
