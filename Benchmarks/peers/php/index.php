<?php
// The tutorial's work as PHP does it: one script, curl, a page. For PHP-FPM and for php-cgi.
// With STORE in the environment it does PinGate's work as well: it counts before it asks, and seals what stands in the
// form (counting.php).
declare(strict_types=1);

if (getenv('STORE')) {
    require __DIR__ . '/counting.php';
} else {
    function admits(string $number): bool { return true; }
    function seal(string $request, string $number): string { return $request; }
    function unseal(string $field): string { return $field; }
}

/** Asks Vonage. In PHP 8.2 no curl handle outlives its request: each asks on a connection of its own. */
function ask(string $path, array $fields): ?array
{
    $curl = curl_init(getenv('VONAGE_API_URL') . $path);
    curl_setopt_array($curl, [
        CURLOPT_POSTFIELDS => http_build_query($fields),
        CURLOPT_USERPWD => getenv('VONAGE_API_KEY') . ':' . getenv('VONAGE_API_SECRET'),
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_TIMEOUT => 10,
    ]);
    $text = curl_exec($curl);
    $status = curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
    return is_string($text) && $status === 200 ? json_decode($text, true) : null;
}

function page(int $status, string $title, string $content = ''): void
{
    http_response_code($status);
    header('Content-Type: text/html; charset=utf-8');
    echo <<<HTML
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><title>$title</title><link rel="stylesheet" href="style.css"></head>
        <body>
        <h1>$title</h1>
        $content
        </body>
        </html>

        HTML;
}

function register(string $number): void
{
    if (!preg_match('/^\d{7,15}$/D', $number)) {
        page(422, 'Not a phone number.');
        return;
    }
    if (!admits($number)) {
        page(429, 'Too many messages.');
        return;
    }
    $answer = ask('/verify/json', ['number' => $number, 'brand' => getenv('VONAGE_BRAND_NAME')]);
    if (($answer['status'] ?? '') !== '0') {
        page(502, 'No message was sent.');
        return;
    }
    $request = htmlspecialchars(seal($answer['request_id'], $number));
    $number = htmlspecialchars($number);
    page(200, 'Enter your PIN', <<<HTML
        <p>We sent a message with a PIN to <strong>$number</strong>.</p>
        <form method="post" action="verify">
        <input type="hidden" name="requestId" value="$request">
        <label>PIN <input type="text" name="pin" inputmode="numeric" autocomplete="one-time-code"></label>
        <button type="submit">Verify</button>
        </form>
        HTML);
}

function verify(string $pin, string $request): void
{
    if (!preg_match('/^\d{4,10}$/D', $pin) || !preg_match('/^[0-9a-f]{32}$/D', $request)) {
        page(422, 'Not a PIN.');
        return;
    }
    $answer = ask('/verify/check/json', ['request_id' => $request, 'code' => $pin]);
    match ($answer['status'] ?? null) {
        '0' => page(200, 'Account verified!'),
        null => page(502, 'Not available right now.'),
        default => page(422, 'Wrong PIN.'),
    };
}

match ([$_SERVER['REQUEST_METHOD'], $_SERVER['SCRIPT_NAME']]) {
    ['POST', '/register'] => register((string) ($_POST['number'] ?? '')),
    ['POST', '/verify'] => verify((string) ($_POST['pin'] ?? ''), unseal((string) ($_POST['requestId'] ?? ''))),
    default => page(404, 'Not found.'),
};
