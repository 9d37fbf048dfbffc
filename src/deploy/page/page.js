// The page of `ferbench serve`: camera or picture -> /api/predict -> emotion ->
// /api/recommend -> songs. Talks to this server only; Spotify's player is asked
// for when the person presses Play.
'use strict';

const EMOJI = {angry: '😠', disgust: '🤢', fear: '😨', happy: '😄',
  neutral: '😐', sad: '😢', surprise: '😮'};
const POLICY_HELP = {
  report: 'Happy: cheerful songs, sad: sombre ones, the most popular first.',
  mood_table: 'Songs of the same mood; calm ones for anger.',
  valence_arousal: 'Songs near the emotions of the face, mixed in proportion.',
  playlist: 'Songs of your own playlist.'};
const BURST = {pictures: 36, milliseconds: 3000};
const LONGEST_SIDE = 960;

const at = (id) => document.getElementById(id);
const state = {
  stream: null,     // of the camera
  view: 'none',     // none, live or still
  busy: false,      // a burst or a picture is under way
  frames: [],       // what to recommend for: probabilities, null without a face
  songs: [], shown: new Set(), current: 0, playing: false,
  canRecommend: false,
};

// ---- The server

class ServerError extends Error {
  constructor(text, status, wait) {
    super(text);
    this.status = status;
    this.wait = wait;
  }
}

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new ServerError('The ferbench program does not answer. Is it still running?', 0, 2);
  }
  const body = await response.json().catch(() => ({error: 'unreadable answer'}));
  if (!response.ok) {
    throw new ServerError(body.error, response.status,
                          Number(response.headers.get('Retry-After') || 0));
  }
  return body;
}

const predict = (blob) => ask('api/predict', {
  method: 'POST', headers: {'Content-Type': blob.type}, body: blob});

const recommend = (body) => ask('api/recommend', {
  method: 'POST', headers: {'Content-Type': 'application/json'},
  body: JSON.stringify(body)});

// ---- Words and pictures on the page

const percent = (p) => `${(100 * p).toFixed(p < 0.0995 ? 1 : 0)} %`;
const emojiOf = (name) => EMOJI[name] || '🙂';

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

let lastSaid = '', lastSaidAt = 0;
// A live picture changes ten times a second; a screen reader is told of it only
// when the words change, and not more than every two seconds.
function say(text, live = false) {
  const now = performance.now();
  if (text === lastSaid || (live && now - lastSaidAt < 2000)) return;
  lastSaid = text;
  lastSaidAt = now;
  at('status').textContent = text;
}

function warn(text) {
  at('advice').textContent = text || '';
  at('advice').hidden = !text;
}

function showLabel(emoji, word) {
  at('emoji').textContent = emoji;
  at('word').textContent = word;
}

function showBars(probabilities) {
  const sorted = Object.entries(probabilities).sort((a, b) => b[1] - a[1]);
  const items = sorted.map(([name, p], i) => {
    const item = element('li', i === 0 ? 'first' : '');
    const track = element('span', 'track');
    const fill = element('div', 'fill');
    fill.style.width = `${100 * p}%`;
    track.append(fill);
    item.append(element('span', '', `${emojiOf(name)} ${name}`), track,
                element('span', 'value', percent(p)));
    return item;
  });
  at('bars').replaceChildren(...items);
}

function showBoxes(prediction, mirrored) {
  const unsure = prediction.outcome === 'low_confidence';
  at('boxes').replaceChildren(...prediction.faces.map((face) => {
    const [x, y, width, height] = face.box;
    const box = element('div', 'box');
    const left = mirrored ? prediction.width - x - width : x;
    box.style.left = `${100 * left / prediction.width}%`;
    box.style.top = `${100 * y / prediction.height}%`;
    box.style.width = `${100 * width / prediction.width}%`;
    box.style.height = `${100 * height / prediction.height}%`;
    box.classList.toggle('high', y < 0.12 * prediction.height);
    box.classList.toggle('unsure', unsure);
    box.append(element('span', '',
      `${emojiOf(face.emotion)} ${face.emotion}${unsure ? '?' : ''} ${percent(face.confidence)}`));
    return box;
  }));
}

function showPrediction(prediction, {mirrored, live}) {
  showBoxes(prediction, mirrored);
  warn(prediction.advice);
  const main = prediction.faces[0];
  showBars(main ? main.probabilities : {});
  if (!main) {
    showLabel('🔍', 'no face');
    say('No face found.', live);
  } else if (prediction.outcome === 'low_confidence') {
    showLabel('🤔', `not sure: ${main.emotion}?`);
    say(`Not sure, perhaps ${main.emotion}.`, live);
  } else {
    showLabel(emojiOf(main.emotion), `${main.emotion} ${percent(main.confidence)}`);
    say(`${main.emotion} found.`, live);
  }
}

function failed(error) {
  warn(error.message);
  say('');
}

const frameOf = (prediction) =>
  prediction.faces.length ? prediction.faces[0].probabilities : null;

function remember(frames) {
  state.frames = frames;
  refreshControls();
}

function refreshControls() {
  const live = state.view === 'live' && !state.busy;
  const camera = at('camera-toggle');
  camera.textContent = state.stream ? 'Stop camera' : 'Start camera';
  camera.classList.toggle('main', !state.stream);
  at('photo').textContent =
    state.stream && state.view === 'still' ? 'Back to video' : 'Take photo';
  at('photo').disabled = state.busy || !state.stream;
  at('burst').disabled = !live;
  at('file').disabled = state.busy;
  at('recommend').disabled = state.busy || !state.canRecommend ||
    !state.frames.some((frame) => frame !== null);
}

function show(view) {
  state.view = view;
  at('video').hidden = view !== 'live';
  at('still').hidden = view !== 'still';
  at('hint').hidden = view !== 'none';
  at('boxes').replaceChildren();
  refreshControls();
}

// The stage takes the shape of the picture, so that boxes are shares of it.
function shapeStage(width, height) {
  at('stage').style.aspectRatio = `${width} / ${height}`;
  at('stage').style.maxWidth = `calc(65vh * ${width / height})`;
}

// ---- Camera

function cameraTrouble(error) {
  if (!error) {
    return 'This page may use a camera only over https or on localhost. ' +
      'Choose a picture instead.';
  }
  return {
    NotAllowedError: 'The camera was not allowed. Allow it in the address bar, or choose a picture.',
    NotFoundError: 'No camera was found. Connect one, or choose a picture.',
    NotReadableError: 'Another program uses the camera. Close it, or choose a picture.',
  }[error.name] || `The camera does not start (${error.name}). Choose a picture instead.`;
}

async function startCamera() {
  if (!navigator.mediaDevices) return warn(cameraTrouble());
  try {
    state.stream = await navigator.mediaDevices.getUserMedia(
      {audio: false, video: {facingMode: 'user', width: {ideal: 640}, height: {ideal: 480}}});
  } catch (error) {
    return warn(cameraTrouble(error));
  }
  const video = at('video');
  state.stream.getVideoTracks()[0].addEventListener('ended', stopCamera);
  video.srcObject = state.stream;
  await video.play().catch(() => {});
  shapeStage(video.videoWidth || 4, video.videoHeight || 3);
  video.classList.add('mirror');
  warn('');
  show('live');
  say('Camera started.');
  watch();
}

function stopCamera() {
  if (!state.stream) return;
  for (const track of state.stream.getTracks()) track.stop();
  state.stream = null;
  at('video').srcObject = null;
  if (state.view === 'live') show('none');
  refreshControls();
  say('Camera stopped.');
}

async function toBlob(source, width, height) {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  canvas.getContext('2d').drawImage(source, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, 'image/jpeg', 0.9));
}

const snap = () => toBlob(at('video'), at('video').videoWidth, at('video').videoHeight);
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

// One picture after another while the video is on view.
let watching = false;
async function watch() {
  if (watching) return;
  watching = true;
  while (state.view === 'live') {
    const start = performance.now();
    let wait = 100;
    if (!state.busy && !document.hidden && at('video').videoWidth) {
      try {
        const prediction = await predict(await snap());
        if (state.view === 'live' && !state.busy) {
          showPrediction(prediction, {mirrored: true, live: true});
          remember([frameOf(prediction)]);
        }
      } catch (error) {
        if (state.view === 'live') failed(error);
        wait = 1000 * (error.wait || 1);
      }
    }
    await pause(Math.max(20, wait - (performance.now() - start)));
  }
  watching = false;
}

// ---- Photograph, picture file, burst

let stillUrl = '';
async function showStill(blob, mirrored) {
  URL.revokeObjectURL(stillUrl);
  stillUrl = URL.createObjectURL(blob);
  const still = at('still');
  still.src = stillUrl;
  still.classList.toggle('mirror', mirrored);
  await still.decode().catch(() => {});
  shapeStage(still.naturalWidth || 4, still.naturalHeight || 3);
  show('still');
}

async function readStill(blob, mirrored) {
  state.busy = true;
  remember([]);
  await showStill(blob, mirrored);
  try {
    const prediction = await predict(blob);
    showPrediction(prediction, {mirrored, live: false});
    state.frames = [frameOf(prediction)];
  } catch (error) {
    failed(error);
  }
  state.busy = false;
  refreshControls();
}

async function takePhoto() {
  if (state.view === 'still') {
    shapeStage(at('video').videoWidth || 4, at('video').videoHeight || 3);
    show('live');
    return watch();
  }
  await readStill(await snap(), true);
}

async function readFile(file) {
  if (!file || state.busy) return;
  state.busy = true;  // from here on: one picture at a time
  refreshControls();
  let blob;
  try {
    const picture = await createImageBitmap(file);
    blob = await toBlob(picture, picture.width, picture.height);
    picture.close();
  } catch {
    state.busy = false;
    refreshControls();
    return warn(`${file.name} is no picture that this browser can read. Choose a JPEG or PNG file.`);
  }
  await readStill(blob, false);
}

async function captureBurst() {
  state.busy = true;
  refreshControls();
  say('Capturing for three seconds.');
  const progress = at('burst-progress');
  progress.value = 0;
  progress.max = BURST.pictures;
  progress.hidden = false;
  const start = performance.now();
  const readings = [];
  for (let i = 0; i < BURST.pictures && state.stream; ++i) {
    const due = start + i * BURST.milliseconds / BURST.pictures;
    await pause(Math.max(0, due - performance.now()));
    readings.push(predict(await snap()).then((prediction) => {
      showBoxes(prediction, true);
      return prediction;
    }).catch((error) => error).finally(() => { progress.value += 1; }));
  }
  const results = await Promise.all(readings);
  // A live picture would paint over the summary at once.
  if (state.stream) await showStill(await snap(), true);
  progress.hidden = true;
  state.busy = false;
  summarise(results);
  refreshControls();
}

function summarise(results) {
  const read = results.filter((result) => !(result instanceof Error));
  if (read.length === 0) return failed(results[0] || new Error('No picture was taken.'));
  state.frames = read.map(frameOf);
  const counts = {}, sums = {};
  for (const frame of state.frames.filter((entry) => entry)) {
    const first = Object.entries(frame).sort((a, b) => b[1] - a[1])[0][0];
    counts[first] = (counts[first] || 0) + 1;
    for (const [name, p] of Object.entries(frame)) sums[name] = (sums[name] || 0) + p;
  }
  const faces = state.frames.filter((frame) => frame).length;
  const order = Object.entries(counts).sort((a, b) => b[1] - a[1]);
  for (const name of Object.keys(sums)) sums[name] /= faces;
  showBars(sums);
  if (faces === 0) {
    showLabel('🔍', 'no face');
    warn('No face in any picture. Face the camera in even light and try again.');
  } else {
    showLabel(emojiOf(order[0][0]), order[0][0]);
    warn('');
  }
  say(`${read.length} pictures, ${faces} with a face: ` +
      (order.map(([name, n]) => `${name} ${n}`).join(', ') || 'none'));
}

// ---- Songs

async function fetchSongs(again) {
  if (!again) state.shown.clear();
  at('songs-status').textContent = 'Choosing songs…';
  let answer;
  const body = {frames: state.frames, policy: at('policy').value,
    exclude: [...state.shown].slice(-500)};
  try {
    answer = await recommend(body);
    if (answer.songs.length === 0 && state.shown.size > 0) {
      state.shown.clear();
      answer = await recommend({...body, exclude: []});
      answer.notes.push('all were shown: this is the beginning again');
    }
  } catch (error) {
    at('songs-status').textContent = error.message;
    return;
  }
  showSongs(answer);
  if (!again) at('songs').focus();
}

function showSongs(answer) {
  state.songs = answer.songs;
  state.songs.forEach((song) => state.shown.add(song.track_id));
  state.current = 0;
  stopPlaying();
  const emotions = answer.emotions.map((part) => `${emojiOf(part.emotion)} ${part.emotion}` +
    (answer.emotions.length > 1 ? ` (${part.songs})` : ''));
  const notes = answer.notes.length ? ` Note: ${answer.notes.join('; ')}.` : '';
  at('songs-status').textContent =
    `${answer.songs.length} songs for ${emotions.join(', ')}.${notes}`;
  at('list').replaceChildren(...state.songs.map(songItem));
  at('player').hidden = state.songs.length === 0;
  showCurrent();
}

function songItem(song, index) {
  const item = element('li');
  const text = element('div');
  const link = element('a', 'title', song.track_name);
  link.href = /^https?:/.test(song.link) ? song.link : '#songs';
  link.target = '_blank';
  link.rel = 'noreferrer noopener';
  const details = [song.artist_name, song.mood || song.genres,
    emojiOf(song.emotion)].filter((part) => part).join(' · ');
  text.append(link, element('div', 'soft small', details));
  const play = element('button', '', 'Play');
  play.type = 'button';
  play.setAttribute('aria-label', `Play ${song.track_name}`);
  play.addEventListener('click', () => { state.current = index; startPlaying(); });
  item.append(element('span', 'number', `${index + 1}`), text, play);
  return item;
}

function showCurrent() {
  const song = state.songs[state.current];
  if (!song) return;
  at('now').textContent = song.artist_name
    ? `${song.track_name} · ${song.artist_name}` : song.track_name;
  at('play').textContent = state.playing ? 'Pause' : 'Play';
  [...at('list').children].forEach((item, i) => {
    item.classList.toggle('current', i === state.current);
    if (i === state.current) item.setAttribute('aria-current', 'true');
    else item.removeAttribute('aria-current');
  });
}

// Whether Spotify can be reached; asked only when somebody wants to hear.
async function spotifyAnswers() {
  if (!navigator.onLine) return false;
  try {
    await fetch('https://open.spotify.com/', {mode: 'no-cors', cache: 'no-store',
      signal: AbortSignal.timeout(4000)});
    return true;
  } catch {
    return false;
  }
}

let playRequest = 0;
async function startPlaying() {
  const request = ++playRequest;
  const song = state.songs[state.current];
  if (!song) return;
  state.playing = true;
  showCurrent();
  at('frame').replaceChildren(element('p', 'soft', 'Asking Spotify for its player…'));
  const id = (song.link.match(/^https:\/\/open\.spotify\.com\/track\/([A-Za-z0-9]{22})$/) || [])[1];
  const reachable = id ? await spotifyAnswers() : false;
  if (request !== playRequest) return;
  if (reachable) {
    const player = element('iframe');
    player.title = `Spotify's player: ${song.track_name}`;
    player.allow = 'autoplay; encrypted-media';
    player.src = `https://open.spotify.com/embed/track/${id}`;
    at('frame').replaceChildren(player);
  } else {
    state.playing = false;
    showCurrent();
    const text = element('p', 'warning', id
      ? 'Spotify cannot be reached from here, so nothing plays. With a network, open '
      : 'This song has no player. Its page is ');
    const link = element('a', '', song.link);
    link.href = /^https?:/.test(song.link) ? song.link : '#songs';
    link.target = '_blank';
    link.rel = 'noreferrer noopener';
    text.append(link);
    text.setAttribute('role', 'status');
    at('frame').replaceChildren(text);
  }
}

// Taking the player away is what surely ends its sound.
function stopPlaying() {
  ++playRequest;
  state.playing = false;
  at('frame').replaceChildren();
  showCurrent();
}

function skip() {
  if (state.songs.length === 0) return;
  const playing = state.playing;
  stopPlaying();
  state.current = (state.current + 1) % state.songs.length;
  showCurrent();
  at('songs-status').textContent =
    `Song ${state.current + 1} of ${state.songs.length}: ${at('now').textContent}.`;
  if (playing) startPlaying();
}

// ---- Start

function showPolicyHelp() {
  at('policy-help').textContent = POLICY_HELP[at('policy').value] || '';
}

async function begin() {
  try {
    const health = await ask('healthz');
    state.canRecommend = health.policies.length > 0;
    at('policy').replaceChildren(...health.policies.map((name) => {
      const option = element('option', '', name.replace('_', ' '));
      option.value = name;
      option.selected = name === health.policy;
      return option;
    }));
    at('policy').disabled = !state.canRecommend;
    if (!state.canRecommend) {
      at('songs-status').textContent = 'No catalogue of songs: start the server with --songs FILE.';
    }
    const songs = state.canRecommend ? `, ${health.songs} songs` : '';
    at('about').textContent = `Model ${health.model} (${health.precision}): ` +
      `${health.classes.join(', ')}${songs}.`;
  } catch (error) {
    warn(error.message);
  }
  showPolicyHelp();
  refreshControls();
}

function listen() {
  at('camera-toggle').addEventListener('click',
    () => state.stream ? stopCamera() : startCamera());
  at('photo').addEventListener('click', takePhoto);
  at('burst').addEventListener('click', captureBurst);
  at('file').addEventListener('change', async (event) => {
    await readFile(event.target.files[0]);
    event.target.value = '';
  });
  at('recommend').addEventListener('click', () => fetchSongs(false));
  at('policy').addEventListener('change', showPolicyHelp);
  at('play').addEventListener('click',
    () => state.playing ? stopPlaying() : startPlaying());
  at('skip').addEventListener('click', skip);
  at('refresh').addEventListener('click', () => fetchSongs(true));
  const stage = at('stage');
  stage.addEventListener('dragover', (event) => {
    event.preventDefault();
    stage.classList.add('drop');
  });
  stage.addEventListener('dragleave', () => stage.classList.remove('drop'));
  stage.addEventListener('drop', (event) => {
    event.preventDefault();
    stage.classList.remove('drop');
    readFile(event.dataTransfer.files[0]);
  });
}

listen();
begin();
