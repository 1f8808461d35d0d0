import { MINUTE } from '../../../src/lib/time.ts';
import type { StoreView } from '../../../src/stores/present-store.ts';
import type { Answer, TestPlatform } from '../platform.ts';
import type { AdminCredentials } from './administration.ts';
import { oneTimeCode } from './one-time-code.ts';

/** A shop's REST interface, as somebody with a token; as a guest without one. */
export interface ShopRest {
  /** The answer as it came. */
  ask(method: string, path: string, body?: object): Promise<Answer>;
  /** The decoded answer; one with another status than 200 is the test's failure. */
  call<Result>(method: string, path: string, body?: object): Promise<Result>;
}

export function restOf(platform: TestPlatform, store: Pick<StoreView, 'url'>, token?: string): ShopRest {
  const ask = (method: string, path: string, body?: object): Promise<Answer> =>
    platform.visit(`${store.url}rest/V1/${path}`, {
      method,
      headers: {
        accept: 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      withinMs: MINUTE,
    });
  return {
    ask,
    async call<Result>(method: string, path: string, body?: object): Promise<Result> {
      const answer = await ask(method, path, body);
      if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.status} ${answer.body.slice(0, 2000)}`);
      return JSON.parse(answer.body) as Result;
    },
  };
}

/** As an administrator with both factors. */
export async function adminRest(
  platform: TestPlatform,
  store: StoreView,
  { username, password }: AdminCredentials,
  secret: string,
): Promise<ShopRest> {
  const otp = oneTimeCode(secret, Date.now());
  const proof = { username, password, otp };
  const token = await restOf(platform, store).call<string>('POST', 'tfa/provider/google/authenticate', proof);
  return restOf(platform, store, token);
}

export interface Product {
  readonly sku: string;
  readonly name: string;
  readonly price: number;
}

/** A category with one product in it that anybody can buy; the category's id. */
export async function addProduct(
  rest: ShopRest,
  category: string,
  { sku, name, price }: Product,
): Promise<{ categoryId: number }> {
  const { id } = await rest.call<{ id: number }>('POST', 'categories', {
    category: { name: category, parent_id: 2, is_active: true, include_in_menu: true },
  });
  await rest.call('POST', 'products', {
    product: {
      sku,
      name,
      price,
      attribute_set_id: 4,
      status: 1,
      visibility: 4,
      type_id: 'simple',
      weight: 1,
      extension_attributes: {
        category_links: [{ position: 0, category_id: String(id) }],
        stock_item: { qty: 100, is_in_stock: true },
      },
    },
  });
  return { categoryId: id };
}

const ADDRESS = {
  firstname: 'Ann',
  lastname: 'Buyer',
  street: ['1 Main Street'],
  city: 'Springfield',
  region_id: 12,
  region_code: 'CA',
  country_id: 'US',
  postcode: '90001',
  telephone: '555 0100',
};

/** Somebody without an account buys one piece, pays by check, has it sent; the order's id. */
export async function orderAsGuest(rest: ShopRest, { sku }: Product, email: string): Promise<number> {
  const cart = await rest.call<string>('POST', 'guest-carts');
  await rest.call('POST', `guest-carts/${cart}/items`, { cartItem: { sku, qty: 1, quote_id: cart } });
  const address = { ...ADDRESS, email };
  await rest.call('POST', `guest-carts/${cart}/shipping-information`, {
    addressInformation: {
      shipping_address: address,
      billing_address: address,
      shipping_carrier_code: 'flatrate',
      shipping_method_code: 'flatrate',
    },
  });
  const id = await rest.call<string | number>('POST', `guest-carts/${cart}/payment-information`, {
    email,
    paymentMethod: { method: 'checkmo' },
    billing_address: address,
  });
  return Number(id);
}
