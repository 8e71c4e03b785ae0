// The tutorial's app: Express and EJS ask Vonage's Verify API, on connections that are kept.
const express = require('express');
const fs = require('fs');
const http = require('http');

const { VONAGE_API_URL, VONAGE_API_KEY, VONAGE_API_SECRET, VONAGE_BRAND_NAME, SOCKET } = process.env;
const agent = new http.Agent({ keepAlive: true, maxFreeSockets: 16384 });
const authorization = 'Basic ' + Buffer.from(`${VONAGE_API_KEY}:${VONAGE_API_SECRET}`).toString('base64');

function ask(path, fields) {
  const body = new URLSearchParams(fields).toString();
  const headers = {
    Authorization: authorization,
    'Content-Type': 'application/x-www-form-urlencoded',
    'Content-Length': Buffer.byteLength(body),
  };
  return new Promise((resolve, reject) => {
    const request = http.request(VONAGE_API_URL + path, { method: 'POST', agent, headers, timeout: 10000 }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (part) => { text += part; });
      answer.on('error', reject);
      answer.on('end', () => {
        try {
          if (answer.statusCode !== 200) throw new Error(`HTTP ${answer.statusCode}`);
          resolve(JSON.parse(text));
        } catch (error) {
          reject(error);
        }
      });
    });
    request.on('timeout', () => request.destroy(new Error('timed out')));
    request.on('error', reject);
    request.end(body);
  });
}

const app = express();
app.set('view engine', 'ejs');
app.set('views', __dirname + '/views');
app.use(express.urlencoded({ extended: false }));

app.post('/register', async (request, response, next) => {
  const number = request.body.number || '';
  if (!/^\d{7,15}$/.test(number)) return response.status(422).render('status', { message: 'Not a phone number.' });
  try {
    const answer = await ask('/verify/json', { number, brand: VONAGE_BRAND_NAME });
    if (answer.status !== '0') return response.status(502).render('status', { message: 'No message was sent.' });
    response.render('verify', { number, requestId: answer.request_id });
  } catch (error) {
    next(error);
  }
});

app.post('/verify', async (request, response, next) => {
  const { pin = '', requestId = '' } = request.body;
  if (!/^\d{4,10}$/.test(pin) || !/^[0-9a-f]{32}$/.test(requestId)) {
    return response.status(422).render('status', { message: 'Not a PIN.' });
  }
  try {
    const answer = await ask('/verify/check/json', { request_id: requestId, code: pin });
    const isRight = answer.status === '0';
    response.status(isRight ? 200 : 422).render('status', { message: isRight ? 'Account verified!' : 'Wrong PIN.' });
  } catch (error) {
    next(error);
  }
});

fs.rmSync(SOCKET, { force: true });
app.listen({ path: SOCKET, backlog: 4096 });
