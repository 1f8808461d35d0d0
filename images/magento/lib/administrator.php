<?php
declare(strict_types=1);

/**
 * The account of this name when it is active and may do everything; else the first that is and may. Null: there is none.
 * Straight from the database: Magento is asked again when somebody signs in.
 *
 * @return array{user_id: string|int, username: string}|null
 */
function administrator_for(string $username, mysqli $database): ?array
{
    return $database->execute_query("SELECT u.user_id, u.username FROM admin_user u
        JOIN authorization_role r ON r.role_type = 'U' AND r.user_id = u.user_id
        JOIN authorization_rule a ON a.role_id = r.parent_id AND a.resource_id = 'Magento_Backend::all' AND a.permission = 'allow'
        WHERE u.is_active = 1 ORDER BY u.username = ? DESC, u.user_id LIMIT 1", [$username])->fetch_assoc() ?: null;
}
