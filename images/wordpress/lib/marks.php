<?php
declare(strict_types=1);

/** Makes or removes a file that says something by being there; may be repeated. False: it is as it was. */
function shop_put_mark(string $mark, bool $there): bool
{
    return $there ? @touch($mark) : !file_exists($mark) || @unlink($mark);
}
