<?php
// PinGate's work as PHP does it: twelve counters in one durable transaction of SQLite, and a sealed form field.
declare(strict_types=1);

const LIMIT = 1_000_000;

/** One connection for each child, kept from request to request. */
function store(): PDO
{
    $store = new PDO('sqlite:' . getenv('STORE'), options: [
        PDO::ATTR_PERSISTENT => true,
        PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
        PDO::ATTR_TIMEOUT => 10,
    ]);
    $store->exec('PRAGMA synchronous = FULL');
    return $store;
}

/** @return array<string, int> the window in seconds, by what is counted */
function counters(string $number, string $address): array
{
    $net = substr($address, 0, (int) strrpos($address, '.'));
    [$hour, $day] = [3600, 86400];
    return [
        "number/hour $number" => $hour, "number/day $number" => $day,
        'prefix4 ' . substr($number, 0, -4) => $hour, 'prefix6 ' . substr($number, 0, -6) => $hour,
        'country ' . substr($number, 0, 2) => $hour, 'site/hour' => $hour, 'site/day' => $day,
        "address/hour $address" => $hour, "address/day $address" => $day, "net/hour $net" => $hour,
        "net/day $net" => $day, "pair $number $address" => $hour,
    ];
}

function admits(string $number): bool
{
    $store = store();
    $raise = $store->prepare('INSERT INTO counters (name, since, number) VALUES (?1, ?2, 1)
        ON CONFLICT (name) DO UPDATE SET
            number = CASE WHEN since > ?2 - ?3 THEN number + 1 ELSE 1 END,
            since = CASE WHEN since > ?2 - ?3 THEN since ELSE ?2 END
        RETURNING number');
    $now = time();
    $store->exec('BEGIN IMMEDIATE');
    foreach (counters($number, $_SERVER['REMOTE_ADDR']) as $of => $window) {
        $raise->bindValue(1, substr(hash_hmac('sha256', $of, getenv('SEALING_KEY'), true), 0, 16), PDO::PARAM_LOB);
        $raise->bindValue(2, $now, PDO::PARAM_INT);
        $raise->bindValue(3, $window, PDO::PARAM_INT);
        $raise->execute();
        $counted = $raise->fetchColumn();
        $raise->closeCursor();
        if ($counted > LIMIT) {
            $store->exec('ROLLBACK');
            return false;
        }
    }
    $store->exec('COMMIT');
    return true;
}

function sealingKey(): string
{
    return hash('sha256', getenv('SEALING_KEY'), true);
}

/** AES-GCM over the request, its number and the time, with a nonce before it. */
function seal(string $request, string $number): string
{
    $nonce = random_bytes(12);
    $text = "$request $number " . time();
    $sealed = openssl_encrypt($text, 'aes-256-gcm', sealingKey(), OPENSSL_RAW_DATA, $nonce, $tag);
    return rtrim(strtr(base64_encode($nonce . $tag . $sealed), '+/', '-_'), '=');
}

function unseal(string $field): string
{
    $bytes = (string) base64_decode(strtr($field, '-_', '+/'));
    if (strlen($bytes) < 28) {
        return '';
    }
    [$nonce, $tag] = [substr($bytes, 0, 12), substr($bytes, 12, 16)];
    $text = openssl_decrypt(substr($bytes, 28), 'aes-256-gcm', sealingKey(), OPENSSL_RAW_DATA, $nonce, $tag);
    return explode(' ', (string) $text, 2)[0];
}
