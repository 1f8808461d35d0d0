<?php
/**
 * What pages like this one asked the object cache for the last time, fetched at once instead of one by one.
 *
 * For pages that are only looked at: GET and HEAD, neither programs nor the clock. Promises:
 * - Nothing is older than at the page's first question, nor counts longer than SECONDS; what the page itself changes is
 *   forgotten here first.
 * - Bounded: so many kinds of pages, so many names for each, so many bytes that nobody asked for.
 *
 * Knows nothing of groups: names are those in Redis. License: GPL-2.0-or-later.
 */
final class Shop_Fetched_Ahead {
	/** Different kinds may share a list: then it holds what both ask for. */
	const KINDS = 256;
	const NAMES = 600;
	const NAME_LENGTH = 250;
	/** So many pages in a row may do without a name before it leaves the list. */
	const PAGES_WITHOUT = 3;
	const BYTES_UNASKED = 65536;
	/** Longer than a page takes in a rush, shorter than one that waits for somebody. */
	const SECONDS = 5.0;
	const KEPT_SECONDS = 604800;

	/** Name → number of pages in a row that did without it. */
	private array $list = array();

	/** Name → what Redis said, false where it had nothing. */
	private array $answers = array();

	/** Name → true: what belongs on the next list. */
	private array $asked = array();

	private float $until = 0.0;

	private function __construct( private string $list_name ) {
	}

	/** For the page being made; null where nothing is to be fetched ahead. */
	public static function for_page( string $salt, array $server, string $sapi = PHP_SAPI ): ?self {
		if ( 'cli' === $sapi || defined( 'DOING_CRON' ) || ! in_array( $server['REQUEST_METHOD'] ?? '', array( 'GET', 'HEAD' ), true ) ) {
			return null;
		}
		return self::for_kind( $salt, self::kind( $server['REQUEST_URI'] ?? '/', $_GET, array_keys( $_COOKIE ) ) );
	}

	public static function for_kind( string $salt, string $kind ): self {
		return new self( $salt . ':shop-fetched-ahead:' . crc32( $kind ) % self::KINDS );
	}

	/** Pages that ask for much the same: a product is like another, the cart is not like the shop. */
	public static function kind( string $uri, array $query, array $cookies ): string {
		$parts = preg_split( '#/+#', strtolower( explode( '?', $uri, 2 )[0] ), -1, PREG_SPLIT_NO_EMPTY );
		$first = $parts[0] ?? '';
		$place = in_array( $first, array( 'wp-admin', 'wp-json' ), true ) ? preg_replace( '#\d+#', '0', implode( '/', $parts ) ) : $first . '/' . count( $parts );
		$what  = array_intersect_key( $query, array_flip( array( 'wc-ajax', 'action', 'page', 'page_id', 'post_type', 'rest_route' ) ) );
		$who   = array_filter( array( 'wordpress_logged_in', 'woocommerce_items_in_cart' ), static fn ( string $start ): bool => array() !== preg_grep( "/^$start/", $cookies ) );
		return implode( '|', array( $place, ...array_filter( $what, 'is_string' ), ...$who ) );
	}

	/** Two questions instead of many. Throws RedisException. */
	public function fetch( Redis $redis ): void {
		$kept = $redis->get( $this->list_name );
		$list = is_string( $kept ) ? @unserialize( $kept, array( 'allowed_classes' => false ) ) : null;
		$list = array_filter( is_array( $list ) ? $list : array(), 'is_int' );
		if ( array() === $list ) {
			return;
		}
		$this->until = self::now() + self::SECONDS;
		$names       = array_keys( $list );
		$answers     = $redis->mGet( $names );
		if ( is_array( $answers ) && count( $answers ) === count( $names ) ) {
			$this->list    = $list;
			$this->answers = array_combine( $names, $answers );
		}
	}

	/** What Redis said of it: a string, false where it had nothing; null where it was not asked, or too long ago. */
	public function take( string $name ) {
		if ( count( $this->asked ) < self::NAMES && strlen( $name ) <= self::NAME_LENGTH ) {
			$this->asked[ $name ] = true;
		}
		if ( ! isset( $this->answers[ $name ] ) || self::now() > $this->until ) {
			return null;
		}
		$answer = $this->answers[ $name ];
		if ( false !== $answer ) {
			// The page knows it from now on.
			unset( $this->answers[ $name ] );
		}
		return $answer;
	}

	/** It changes, or somebody wants to know it as it is now. */
	public function forget( string $name ): void {
		unset( $this->answers[ $name ] );
	}

	public function forget_all(): void {
		$this->answers = array();
	}

	/** At the page's end: what the next one of its kind should fetch. Throws RedisException. */
	public function keep( Redis $redis ): void {
		$next   = array_fill_keys( array_keys( $this->asked ), 0 );
		$unused = 0;
		foreach ( $this->list as $name => $without ) {
			if ( isset( $next[ $name ] ) || count( $next ) >= self::NAMES || $without + 1 >= self::PAGES_WITHOUT ) {
				continue;
			}
			$unused += strlen( $this->answers[ $name ] ?? '' );
			if ( $unused <= self::BYTES_UNASKED ) {
				$next[ $name ] = $without + 1;
			}
		}
		// In whatever order.
		if ( $next != $this->list ) {
			$redis->set( $this->list_name, serialize( $next ), array( 'ex' => self::KEPT_SECONDS ) );
		}
	}

	private static function now(): float {
		return hrtime( true ) / 1e9;
	}
}
