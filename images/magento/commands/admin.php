<?php
declare(strict_types=1);

use Magento\Authorization\Model\Acl\Role\Group;
use Magento\Authorization\Model\ResourceModel\Role\CollectionFactory as RoleCollectionFactory;
use Magento\Authorization\Model\ResourceModel\Rules\CollectionFactory as RulesCollectionFactory;
use Magento\Integration\Api\AdminTokenServiceInterface;
use Magento\Security\Model\AdminSessionInfo;
use Magento\Security\Model\ResourceModel\AdminSessionInfo as SessionResource;
use Magento\User\Model\ResourceModel\User as UserResource;
use Magento\User\Model\User;
use Magento\User\Model\UserFactory;

/**
 * An administrator with this name and password who may do everything, is not locked, is signed in nowhere and has no
 * second factor yet: the next login asks for one. The address is for an account that has to be made: Magento knows one
 * once, so where no account has the name, the one that has the address gets it. One that has the name keeps its own.
 * Throws when Magento refuses the password or the address. The password is set last: until then the one before is good.
 */
function ensure_admin(string $username, string $password, string $email): void
{
    $users = magento()->get(UserResource::class);
    $user = magento()->get(UserFactory::class)->create();
    $user->loadByUsername($username);
    $user->getId() !== null || $user->load($email, 'email')->setUserName($username);
    if ($user->getId() === null) {
        // With a password that nobody knows, so that the one that is wished for comes last here too.
        $user->setFirstName('Shop')->setLastName('Owner')->setEmail($email)->setPassword('A1' . bin2hex(random_bytes(24)));
    }
    $user->setIsActive(1);
    if (!may_do_everything((int) $user->getRole()->getId())) {
        $user->setRoleId(administrators());
    }
    $user->save();
    $id = (int) $user->getId();
    magento()->get(Magento\Framework\App\CacheInterface::class)->remove("assigned_role_$id");
    $users->unlock($id);
    forget_second_factor($id);
    end_sign_ins($id);
    // Magento keeps the last passwords and refuses one it knows; the one in use is not changed.
    $made = magento()->get(UserFactory::class)->create()->load($id);
    password_fits($made, $password) || $made->setPassword($password)->save();
    // Once more: somebody may have come in by the old one meanwhile.
    end_sign_ins($id);
}

/** Of people and of programs. */
function end_sign_ins(int $userId): void
{
    magento()->get(SessionResource::class)->updateStatusByUserId(AdminSessionInfo::LOGGED_OUT_MANUALLY, $userId, [AdminSessionInfo::LOGGED_IN]);
    magento()->get(AdminTokenServiceInterface::class)->revokeAdminAccessToken($userId);
}

function password_fits(User $user, string $password): bool
{
    return magento()->get(Magento\Framework\Encryption\EncryptorInterface::class)->validateHash($password, (string) $user->getPassword());
}

/** The role that may do everything: made by the installation, known by what it may. */
function administrators(): int
{
    $roles = magento()->get(RoleCollectionFactory::class)->create()
        ->addFieldToFilter('role_type', Group::ROLE_TYPE)->addFieldToFilter('parent_id', 0)->setOrder('role_id', 'ASC');
    foreach ($roles as $role) {
        if (may_do_everything((int) $role->getId())) {
            return (int) $role->getId();
        }
    }
    throw new RuntimeException('the shop has no role of administrators');
}

function may_do_everything(int $roleId): bool
{
    foreach (magento()->get(RulesCollectionFactory::class)->create()->getByRoles($roleId) as $rule) {
        if ($rule->getResourceId() === 'Magento_Backend::all' && $rule->getPermission() === 'allow') {
            return true;
        }
    }
    return false;
}

function forget_second_factor(int $userId): void
{
    if (!interface_exists(Magento\TwoFactorAuth\Api\UserConfigManagerInterface::class)) {
        return;
    }
    $settings = magento()->get(Magento\TwoFactorAuth\Api\UserConfigManagerInterface::class);
    foreach (magento()->get(Magento\TwoFactorAuth\Api\TfaInterface::class)->getAllProviders() as $provider) {
        $settings->resetProviderConfig($userId, $provider->getCode());
    }
}
