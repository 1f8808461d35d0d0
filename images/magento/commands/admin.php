<?php
declare(strict_types=1);

use Magento\Authorization\Model\Acl\Role\Group;
use Magento\Authorization\Model\ResourceModel\Role\CollectionFactory as RoleCollectionFactory;
use Magento\User\Model\ResourceModel\User as UserResource;
use Magento\User\Model\User;
use Magento\User\Model\UserFactory;

/**
 * An administrator with this name, password and address who may do everything, is not locked and has no second factor
 * yet: the next login asks for one. Throws when Magento refuses the password or the address.
 */
function ensure_admin(string $username, string $password, string $email): void
{
    $users = magento()->get(UserResource::class);
    $user = magento()->get(UserFactory::class)->create();
    $user->loadByUsername($username);
    if ($user->getId() === null) {
        $user->setUserName($username)->setFirstName('Shop')->setLastName('Owner')->setRoleId(administrators());
    }
    $user->setEmail($email)->setIsActive(1);
    // Magento keeps the last passwords and refuses one it knows; the one in use is not changed.
    if ($user->getId() === null || !password_fits($user, $password)) {
        $user->setPassword($password);
    }
    $user->save();
    $users->unlock($user->getId());
    forget_second_factor((int) $user->getId());
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
        $rules = magento()->get(Magento\Authorization\Model\ResourceModel\Rules\CollectionFactory::class)->create()->getByRoles($role->getId());
        foreach ($rules as $rule) {
            if ($rule->getResourceId() === 'Magento_Backend::all' && $rule->getPermission() === 'allow') {
                return (int) $role->getId();
            }
        }
    }
    throw new RuntimeException('the shop has no role of administrators');
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
