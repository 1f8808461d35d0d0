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
 * second factor yet: the next login asks for one. Magento knows an address once: where there is no account of this name,
 * the one that has the address gets it; where there is, it takes the address unless somebody else has it. Throws when
 * Magento refuses the password or the address.
 */
function ensure_admin(string $username, string $password, string $email): void
{
    $users = magento()->get(UserResource::class);
    $user = magento()->get(UserFactory::class)->create();
    $user->loadByUsername($username);
    $user->getId() !== null || $user->load($email, 'email')->setUserName($username);
    if ($user->getId() === null) {
        $user->setFirstName('Shop')->setLastName('Owner');
    }
    $ownEmail = $user->getEmail();
    $user->setEmail($email)->setIsActive(1);
    $users->userExists($user) && $user->setEmail($ownEmail);
    if (!may_do_everything((int) $user->getRole()->getId())) {
        $user->setRoleId(administrators());
    }
    // Magento keeps the last passwords and refuses one it knows; the one in use is not changed.
    if ($user->getId() === null || !password_fits($user, $password)) {
        $user->setPassword($password);
    }
    $user->save();
    $id = (int) $user->getId();
    magento()->get(Magento\Framework\App\CacheInterface::class)->remove("assigned_role_$id");
    $users->unlock($id);
    forget_second_factor($id);
    magento()->get(SessionResource::class)->updateStatusByUserId(AdminSessionInfo::LOGGED_OUT_MANUALLY, $id, [AdminSessionInfo::LOGGED_IN]);
    magento()->get(AdminTokenServiceInterface::class)->revokeAdminAccessToken($id);
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
