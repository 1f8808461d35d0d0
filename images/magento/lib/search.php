<?php
declare(strict_types=1);

/**
 * Asks the shop's search engine, by GET or with a body by `$method`. Returns status and decoded answer; throws, within the time given, when there is none.
 *
 * @return array{0: int, 1: array}
 */
function ask_search(string $path, float $timeoutSeconds, ?array $body = null, string $method = 'POST'): array
{
    $host = (string) (getenv('SEARCH_HOST') ?: 'search');
    $curl = curl_init("http://$host:9200$path");
    curl_setopt_array($curl, [
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_TIMEOUT_MS => (int) ($timeoutSeconds * 1000),
        CURLOPT_CONNECTTIMEOUT_MS => (int) ($timeoutSeconds * 1000),
        CURLOPT_NOSIGNAL => true,
        CURLOPT_PROXY => '',
    ]);
    $body === null || curl_setopt_array($curl, [
        CURLOPT_CUSTOMREQUEST => $method,
        CURLOPT_POSTFIELDS => json_encode($body, JSON_THROW_ON_ERROR),
        CURLOPT_HTTPHEADER => ['Content-Type: application/json'],
    ]);
    $answer = curl_exec($curl);
    if ($answer === false) {
        throw new RuntimeException(curl_error($curl));
    }
    $decoded = json_decode($answer, true);
    return [curl_getinfo($curl, CURLINFO_RESPONSE_CODE), is_array($decoded) ? $decoded : []];
}

/** The name Magento gives the engine that answers: `opensearch`, `elasticsearch7` or `elasticsearch8`. */
function search_engine(float $timeoutSeconds): string
{
    [$status, $about] = ask_search('/', $timeoutSeconds);
    $number = (string) ($about['version']['number'] ?? '');
    if ($status !== 200 || $number === '') {
        throw new RuntimeException("the search engine answers $status and does not say what it is");
    }
    return ($about['version']['distribution'] ?? '') === 'opensearch' ? 'opensearch' : 'elasticsearch' . max(7, (int) $number);
}

/**
 * Indices made from now on have no copies: the engine is one node and could put them nowhere. It would wait for them
 * instead, call itself ill, and forget what it was told last when it dies. Safe to repeat; throws when it is refused.
 */
function want_no_copies(float $timeoutSeconds): void
{
    [$status, $answer] = ask_search('/_index_template/shop', $timeoutSeconds, [
        // All of them: the engine is this shop's alone, and its owner may give the indices another name.
        'index_patterns' => ['*'],
        'template' => ['settings' => ['index' => ['number_of_replicas' => 0]]],
    ], 'PUT');
    if ($status !== 200 || ($answer['acknowledged'] ?? false) !== true) {
        $why = substr((string) ($answer['error']['reason'] ?? ''), 0, 300);
        throw new RuntimeException("the search engine refuses the template for indices with $status" . ($why === '' ? '' : ": $why"));
    }
}

/**
 * Throws unless products can be asked for through the index that the shop uses. `$database` tells which it is: the owner
 * may have given it another name.
 */
function ask_for_products(mysqli $database, float $timeoutSeconds): void
{
    $row = $database->query("SELECT
        (SELECT MIN(store_id) FROM store WHERE store_id > 0 AND is_active = 1) AS store,
        (SELECT c.value FROM core_config_data c JOIN core_config_data e ON e.path = 'catalog/search/engine' AND e.scope_id = 0
          WHERE c.scope_id = 0 AND c.path = CONCAT('catalog/search/', e.value, '_index_prefix')) AS prefix")->fetch_assoc();
    $index = ($row['prefix'] ?? 'magento2') . '_product_' . ($row['store'] ?? '1');
    [$status, $answer] = ask_search('/' . rawurlencode($index) . '/_search', $timeoutSeconds, [
        'size' => 1, 'query' => ['bool' => ['must' => [['terms' => ['visibility' => ['2', '3', '4']]]]]],
    ]);
    if ($status === 404) {
        throw new RuntimeException("the index $index is missing; rebuild it: magento indexer:reindex catalogsearch_fulltext");
    }
    if ($status !== 200 || !isset($answer['hits']['hits'])) {
        throw new RuntimeException("asking $index for products is answered with $status");
    }
}
