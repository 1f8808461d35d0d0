<?php
/**
 * Object cache: keeps what WordPress computed in the shop's own Redis, between pages.
 *
 * A drop-in of the platform (docs/decisions tells why not a bigger one). Promises:
 * - Without Redis the shop works, only slower: one failed call turns the cache into a per-page one for the rest of
 *   the page, and for two seconds nobody else tries.
 * - Nothing old comes back: a Redis that was out of reach is emptied before it is used again.
 * - Integers are stored as digits, so that counting is atomic in Redis; everything else is serialized.
 * - What pages like this one asked for the last time comes at once, with the first question, never older than then.
 *
 * Licence: GPL-2.0-or-later.
 */

// phpcs:disable WordPress.NamingConventions, Squiz.Commenting

defined( 'ABSPATH' ) || exit;

require_once '/usr/local/lib/shop/fetched-ahead.php';

function wp_cache_init() {
	$GLOBALS['wp_object_cache'] = new WP_Object_Cache();
}

function wp_cache_supports( $feature ) {
	return in_array( $feature, array( 'add_multiple', 'set_multiple', 'get_multiple', 'delete_multiple', 'flush_runtime', 'flush_group' ), true );
}

function wp_cache_add( $key, $data, $group = '', $expire = 0 ) {
	return $GLOBALS['wp_object_cache']->add( $key, $data, $group, (int) $expire );
}

function wp_cache_add_multiple( array $data, $group = '', $expire = 0 ) {
	return $GLOBALS['wp_object_cache']->add_multiple( $data, $group, (int) $expire );
}

function wp_cache_replace( $key, $data, $group = '', $expire = 0 ) {
	return $GLOBALS['wp_object_cache']->replace( $key, $data, $group, (int) $expire );
}

function wp_cache_set( $key, $data, $group = '', $expire = 0 ) {
	return $GLOBALS['wp_object_cache']->set( $key, $data, $group, (int) $expire );
}

function wp_cache_set_multiple( array $data, $group = '', $expire = 0 ) {
	return $GLOBALS['wp_object_cache']->set_multiple( $data, $group, (int) $expire );
}

function wp_cache_get( $key, $group = '', $force = false, &$found = null ) {
	return $GLOBALS['wp_object_cache']->get( $key, $group, $force, $found );
}

function wp_cache_get_multiple( $keys, $group = '', $force = false ) {
	return $GLOBALS['wp_object_cache']->get_multiple( $keys, $group, $force );
}

function wp_cache_delete( $key, $group = '' ) {
	return $GLOBALS['wp_object_cache']->delete( $key, $group );
}

function wp_cache_delete_multiple( array $keys, $group = '' ) {
	return $GLOBALS['wp_object_cache']->delete_multiple( $keys, $group );
}

function wp_cache_incr( $key, $offset = 1, $group = '' ) {
	return $GLOBALS['wp_object_cache']->incr( $key, (int) $offset, $group );
}

function wp_cache_decr( $key, $offset = 1, $group = '' ) {
	return $GLOBALS['wp_object_cache']->incr( $key, -(int) $offset, $group );
}

function wp_cache_flush() {
	return $GLOBALS['wp_object_cache']->flush();
}

function wp_cache_flush_runtime() {
	return $GLOBALS['wp_object_cache']->flush_runtime();
}

function wp_cache_flush_group( $group ) {
	return $GLOBALS['wp_object_cache']->flush_group( $group );
}

function wp_cache_close() {
	return $GLOBALS['wp_object_cache']->close();
}

// One shop is one site: every group is global, and there is nothing to switch.
function wp_cache_add_global_groups( $groups ) {
}

function wp_cache_switch_to_blog( $blog_id ) {
}

function wp_cache_reset() {
}

function wp_cache_add_non_persistent_groups( $groups ) {
	$GLOBALS['wp_object_cache']->add_non_persistent_groups( (array) $groups );
}

#[AllowDynamicProperties]
class WP_Object_Cache {
	/** Left behind by a process that could not reach Redis: whoever reaches it next empties it first. */
	const STALE_MARK = '/run/shop/cache-is-stale';
	const RETRY_SECONDS = 2;
	const TIMEOUT_SECONDS = 0.5;

	public $cache_hits   = 0;
	public $cache_misses = 0;

	/** What this page already knows: group → key → value. */
	private array $known = array();

	/** Groups that never leave the page. */
	private array $page_only = array();

	private ?Redis $redis = null;
	private string $salt;

	/** Null where nothing is fetched ahead. */
	private ?Shop_Fetched_Ahead $ahead = null;
	private bool $has_asked            = false;

	/** A page of this kind; by default what the request says. */
	public function __construct( ?string $kind = null ) {
		$this->salt = defined( 'WP_CACHE_KEY_SALT' ) ? (string) WP_CACHE_KEY_SALT : 'shop';
		$this->connect();
		if ( null !== $this->redis ) {
			$this->ahead = null === $kind ? Shop_Fetched_Ahead::for_page( $this->salt, $_SERVER ) : Shop_Fetched_Ahead::for_kind( $this->salt, $kind );
		}
	}

	public function add( $key, $data, $group, int $expire ): bool {
		if ( wp_suspend_cache_addition() || ! $this->is_key( $key ) ) {
			return false;
		}
		$group = $this->group( $group );
		if ( isset( $this->known[ $group ] ) && array_key_exists( $key, $this->known[ $group ] ) ) {
			return false;
		}
		$answer = $this->change( $group, $key, fn ( Redis $redis, string $name ) => $redis->set( $name, $this->pack( $data ), $this->options( $expire, 'nx' ) ) );
		if ( false === $answer ) {
			return false;
		}
		$this->know( $group, $key, $data );
		return true;
	}

	public function add_multiple( array $data, $group, int $expire ): array {
		$done = array();
		foreach ( $data as $key => $value ) {
			$done[ $key ] = $this->add( $key, $value, $group, $expire );
		}
		return $done;
	}

	public function replace( $key, $data, $group, int $expire ): bool {
		if ( ! $this->is_key( $key ) ) {
			return false;
		}
		$group  = $this->group( $group );
		$answer = $this->change( $group, $key, fn ( Redis $redis, string $name ) => $redis->set( $name, $this->pack( $data ), $this->options( $expire, 'xx' ) ) );
		if ( false === $answer || ( null === $answer && ! array_key_exists( $key, $this->known[ $group ] ?? array() ) ) ) {
			return false;
		}
		$this->know( $group, $key, $data );
		return true;
	}

	public function set( $key, $data, $group, int $expire ): bool {
		if ( ! $this->is_key( $key ) ) {
			return false;
		}
		$group = $this->group( $group );
		$this->know( $group, $key, $data );
		return false !== $this->change( $group, $key, fn ( Redis $redis, string $name ) => $redis->set( $name, $this->pack( $data ), $this->options( $expire ) ) );
	}

	public function set_multiple( array $data, $group, int $expire ): array {
		$group = $this->group( $group );
		foreach ( $data as $key => $value ) {
			$this->know( $group, $key, $value );
		}
		$this->ask(
			$group,
			function ( Redis $redis ) use ( $data, $group, $expire ) {
				$pipe = $redis->pipeline();
				foreach ( $data as $key => $value ) {
					$name = $this->name( $group, $key );
					$this->ahead?->forget( $name );
					$pipe->set( $name, $this->pack( $value ), $this->options( $expire ) );
				}
				return $pipe->exec();
			}
		);
		return array_fill_keys( array_keys( $data ), true );
	}

	public function get( $key, $group = '', $force = false, &$found = null ) {
		$found = false;
		if ( ! $this->is_key( $key ) ) {
			return false;
		}
		$group = $this->group( $group );
		if ( array_key_exists( $key, $this->known[ $group ] ?? array() ) && ( ! $force || ! $this->is_shared( $group ) ) ) {
			$found = true;
			++$this->cache_hits;
			return $this->hand_out( $this->known[ $group ][ $key ] );
		}
		$packed = $this->look_up( $group, array( $key ), $force )[ $key ];
		if ( ! is_string( $packed ) ) {
			++$this->cache_misses;
			if ( false === $packed ) {
				// Redis says it is gone; a copy from before must not outlive it.
				unset( $this->known[ $group ][ $key ] );
			}
			return false;
		}
		$found = true;
		++$this->cache_hits;
		return $this->hand_out( $this->known[ $group ][ $key ] = $this->unpack( $packed ) );
	}

	public function get_multiple( $keys, $group = '', $force = false ): array {
		$group  = $this->group( $group );
		$keys   = array_values( array_filter( (array) $keys, array( $this, 'is_key' ) ) );
		$wanted = array();
		foreach ( $keys as $key ) {
			if ( $force || ! array_key_exists( $key, $this->known[ $group ] ?? array() ) ) {
				$wanted[] = $key;
			}
		}
		if ( $wanted ) {
			foreach ( $this->look_up( $group, $wanted, $force ) as $key => $value ) {
				if ( is_string( $value ) ) {
					$this->known[ $group ][ $key ] = $this->unpack( $value );
				} elseif ( false === $value ) {
					unset( $this->known[ $group ][ $key ] );
				}
			}
		}
		$values = array();
		foreach ( $keys as $key ) {
			$hit            = array_key_exists( $key, $this->known[ $group ] ?? array() );
			$values[ $key ] = $hit ? $this->hand_out( $this->known[ $group ][ $key ] ) : false;
			$hit ? ++$this->cache_hits : ++$this->cache_misses;
		}
		return $values;
	}

	public function delete( $key, $group = '' ): bool {
		if ( ! $this->is_key( $key ) ) {
			return false;
		}
		$group  = $this->group( $group );
		$knew   = array_key_exists( $key, $this->known[ $group ] ?? array() );
		unset( $this->known[ $group ][ $key ] );
		$answer = $this->change( $group, $key, fn ( Redis $redis, string $name ) => $redis->unlink( $name ) );
		return null === $answer ? $knew : $answer > 0;
	}

	public function delete_multiple( array $keys, $group = '' ): array {
		$done = array();
		foreach ( $keys as $key ) {
			$done[ $key ] = $this->delete( $key, $group );
		}
		return $done;
	}

	/** Adds to a number that is there already, never below zero; false when there is none. */
	public function incr( $key, int $offset, $group = '' ) {
		if ( ! $this->is_key( $key ) ) {
			return false;
		}
		$group = $this->group( $group );
		// One script, so that nobody counts between the look and the change; what is no number counts from zero.
		$script = "local v=redis.call('get',KEYS[1]); if not v then return false end; "
			. "local n=(tonumber(v) or 0)+tonumber(ARGV[1]); if n<0 then n=0 end; n=string.format('%.0f',n); "
			. "redis.call('set',KEYS[1],n,'KEEPTTL'); return n";
		$answer = $this->change( $group, $key, fn ( Redis $redis, string $name ) => $redis->eval( $script, array( $name, $offset ), 1 ) );
		if ( null === $answer ) {
			if ( ! array_key_exists( $key, $this->known[ $group ] ?? array() ) ) {
				return false;
			}
			$old    = $this->known[ $group ][ $key ];
			$answer = max( 0, ( is_numeric( $old ) ? (int) $old : 0 ) + $offset );
		}
		if ( false === $answer ) {
			unset( $this->known[ $group ][ $key ] );
			return false;
		}
		return $this->known[ $group ][ $key ] = (int) $answer;
	}

	public function flush(): bool {
		$this->flush_runtime();
		return null === $this->redis || false !== $this->ask( '', static fn ( Redis $redis ) => $redis->flushDb( false ) );
	}

	public function flush_runtime(): bool {
		$this->known = array();
		$this->ahead?->forget_all();
		return true;
	}

	public function flush_group( $group ): bool {
		$group = $this->group( $group );
		unset( $this->known[ $group ] );
		$this->ahead?->forget_all();
		return false !== $this->ask(
			$group,
			function ( Redis $redis ) use ( $group ) {
				$cursor  = null;
				$pattern = addcslashes( $this->name( $group, '' ), '*?[]\\' ) . '*';
				do {
					$names = $redis->scan( $cursor, $pattern, 1000 );
					if ( $names ) {
						$redis->unlink( $names );
					}
				} while ( $cursor > 0 );
				return true;
			}
		);
	}

	public function add_non_persistent_groups( array $groups ): void {
		$this->page_only = array_fill_keys( $groups, true ) + $this->page_only;
	}

	/** The page is made: what it asked for, the next one of its kind fetches at once. */
	public function close(): bool {
		if ( $this->has_asked ) {
			$this->try_redis( fn ( Redis $redis ) => $this->ahead?->keep( $redis ) );
		}
		return true;
	}

	/** For Site Health and people: is Redis in use on this page? */
	public function is_connected(): bool {
		return null !== $this->redis;
	}

	public function stats(): void {
		printf( '<p>Redis: %s. Hits: %d. Misses: %d.</p>', $this->redis ? 'connected' : 'away', (int) $this->cache_hits, (int) $this->cache_misses );
	}

	// --- Redis ---------------------------------------------------------------------------------------------------

	private function connect(): void {
		if ( ! class_exists( 'Redis' ) || ! defined( 'WP_REDIS_HOST' ) ) {
			return;
		}
		$stale = @filemtime( static::STALE_MARK );
		if ( false !== $stale && time() - $stale < static::RETRY_SECONDS ) {
			return;
		}
		try {
			$redis = new Redis();
			$redis->connect( WP_REDIS_HOST, WP_REDIS_PORT, static::TIMEOUT_SECONDS, null, 0, static::TIMEOUT_SECONDS );
			if ( false !== $stale ) {
				$redis->flushDb( true );
				@unlink( static::STALE_MARK );
			}
			$this->redis = $redis;
		} catch ( RedisException $error ) {
			$this->lose_redis();
		}
	}

	private function lose_redis(): void {
		$this->redis = null;
		$this->ahead = null;
		@touch( static::STALE_MARK );
		clearstatcache( true, static::STALE_MARK );
	}

	/** What Redis has of these, packed, by key: false where it has nothing, null when the group stays on the page or Redis is away. */
	private function look_up( string $group, array $keys, bool $force ): array {
		$found = array_fill_keys( $keys, null );
		if ( ! $this->is_shared( $group ) ) {
			return $found;
		}
		if ( ! $force && ! $this->has_asked ) {
			$this->has_asked = true;
			$this->try_redis( fn ( Redis $redis ) => $this->ahead?->fetch( $redis ) );
		}
		foreach ( $keys as $key ) {
			$name = $this->name( $group, $key );
			if ( $force ) {
				$this->ahead?->forget( $name );
			} else {
				$found[ $key ] = $this->ahead?->take( $name );
			}
		}
		$keys = array_keys( $found, null, true );
		if ( array() === $keys ) {
			return $found;
		}
		$names   = array_map( fn ( $key ) => $this->name( $group, $key ), $keys );
		$answers = $this->try_redis( static fn ( Redis $redis ) => 1 === count( $names ) ? array( $redis->get( $names[0] ) ) : $redis->mGet( $names ) );
		return is_array( $answers ) ? array_replace( $found, array_combine( $keys, $answers ) ) : $found;
	}

	/** As `ask`; what was fetched ahead of this key is forgotten first. */
	private function change( string $group, $key, callable $question ) {
		$name = $this->name( $group, $key );
		$this->ahead?->forget( $name );
		return $this->ask( $group, static fn ( Redis $redis ) => $question( $redis, $name ) );
	}

	/** Redis' answer; null when the group stays on the page or Redis is away. */
	private function ask( string $group, callable $question ) {
		return $this->is_shared( $group ) ? $this->try_redis( $question ) : null;
	}

	private function try_redis( callable $question ) {
		if ( null === $this->redis ) {
			return null;
		}
		try {
			return $question( $this->redis );
		} catch ( RedisException $error ) {
			$this->lose_redis();
			return null;
		}
	}

	private function is_shared( string $group ): bool {
		return null !== $this->redis && ! isset( $this->page_only[ $group ] );
	}

	private function name( string $group, $key ): string {
		return $this->salt . ':' . $group . ':' . $key;
	}

	private function options( int $expire, ?string $when = null ): array {
		return array_filter( array( $when, 'ex' => $expire > 0 ? $expire : null ) );
	}

	private function pack( $data ): string {
		return is_int( $data ) ? (string) $data : serialize( $data );
	}

	private function unpack( string $packed ) {
		return preg_match( '/^-?\d+$/', $packed ) ? (int) $packed : unserialize( $packed );
	}

	// --- the page --------------------------------------------------------------------------------------------------

	private function know( string $group, $key, $data ): void {
		$this->known[ $group ][ $key ] = $this->hand_out( $data );
	}

	/** Objects are copied on the way in and out: nobody changes the cache by changing his copy. */
	private function hand_out( $data ) {
		return is_object( $data ) ? clone $data : $data;
	}

	private function group( $group ): string {
		return '' === (string) $group ? 'default' : (string) $group;
	}

	private function is_key( $key ): bool {
		if ( is_int( $key ) || ( is_string( $key ) && '' !== trim( $key ) ) ) {
			return true;
		}
		_doing_it_wrong( 'WP_Object_Cache', 'Cache key must be an integer or a non-empty string.', '6.1.0' );
		return false;
	}
}
