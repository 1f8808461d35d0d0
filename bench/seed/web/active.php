<?php
// In our image the platform keeps WooCommerce active, whatever the option says; here somebody switched it on.
add_filter( 'option_active_plugins', static fn ( $active ): array => array_unique( array( ...(array) $active, 'woocommerce/woocommerce.php' ) ) );
