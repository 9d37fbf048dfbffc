#include "deploy/server_fixture.h"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>

#include "songs/song_builder.h"

namespace fer {

std::string HttpAnswer::error() const {
  const Json value = json();
  const bool right = value.is_object() && value.size() == 1 &&
                     value.contains("error") && value["error"].is_string();
  EXPECT_TRUE(right) << body;
  EXPECT_EQ(header("Content-Type"), "application/json");
  return right ? value["error"].get<std::string>() : "";
}

std::string HttpAnswer::header(const std::string& name) const {
  const std::string start = "\r\n" + name + ": ";
  const auto it =
      std::search(head.begin(), head.end(), start.begin(), start.end(),
                  [](unsigned char a, unsigned char b) {
                    return std::tolower(a) == std::tolower(b);
                  });
  if (it == head.end()) return "";
  const size_t begin = static_cast<size_t>(it - head.begin()) + start.size();
  return head.substr(begin, head.find("\r\n", begin) - begin);
}

RawClient::RawClient(int port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(
      connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)),
      0);
}

RawClient::~RawClient() { close(socket_); }

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent =
        ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

bool RawClient::more(double seconds) {
  pollfd entry{socket_, POLLIN, 0};
  if (poll(&entry, 1, static_cast<int>(seconds * 1000)) <= 0) return false;
  char buffer[65536];
  const ssize_t got = recv(socket_, buffer, sizeof(buffer), 0);
  if (got <= 0) return false;
  received_.append(buffer, static_cast<size_t>(got));
  return true;
}

HttpAnswer RawClient::receive(double seconds) {
  HttpAnswer answer;
  size_t end;
  while ((end = received_.find("\r\n\r\n")) == std::string::npos)
    if (!more(seconds)) return answer;
  answer.head = received_.substr(0, end + 2);
  received_.erase(0, end + 4);
  constexpr size_t kStart = 9;  // "HTTP/1.1 "
  std::from_chars(answer.head.data() + kStart, answer.head.data() + kStart + 3,
                  answer.status);
  const std::string length = answer.header("Content-Length");
  const size_t size = length.empty() ? 0 : std::stoul(length);
  while (received_.size() < size)
    if (!more(seconds)) break;
  answer.body = received_.substr(0, size);
  received_.erase(0, size);
  return answer;
}

bool RawClient::closed(double seconds) {
  pollfd entry{socket_, POLLIN, 0};
  if (poll(&entry, 1, static_cast<int>(seconds * 1000)) <= 0) return false;
  char byte;
  return recv(socket_, &byte, 1, 0) <= 0;
}

std::string http_request(const std::string& method, const std::string& path,
                         const std::string& body, const HttpHeaders& headers) {
  const auto has = [&](const char* name) {
    return std::ranges::any_of(
        headers, [&](const auto& header) { return header.first == name; });
  };
  std::string text = method + " " + path + " HTTP/1.1\r\n";
  if (!has("Host")) text += "Host: localhost\r\n";
  const bool framed = has("Content-Length") || has("Transfer-Encoding");
  if (method == "POST" && !framed)
    text += fmt::format("Content-Length: {}\r\n", body.size());
  for (const auto& [name, value] : headers)
    if (value != "-") text += name + ": " + value + "\r\n";
  return text + "\r\n" + body;
}

std::string png_header(uint32_t width, uint32_t height) {
  const auto big_endian = [](uint32_t value) {
    std::string bytes;
    for (const int shift : {24, 16, 8, 0})
      bytes += static_cast<char>(value >> shift & 0xff);
    return bytes;
  };
  const std::string ihdr = "IHDR" + big_endian(width) + big_endian(height) +
                           std::string("\x08\x02\0\0\0", 5);
  return "\x89PNG\r\n\x1a\n" + big_endian(13) + ihdr + big_endian(0);
}

std::string form_of(const std::string& picture, const std::string& boundary) {
  return "--" + boundary +
         "\r\nContent-Disposition: form-data; name=\"image\"; "
         "filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n" +
         picture + "\r\n--" + boundary + "--\r\n";
}

Outcome happy_outcome() {
  Outcome outcome;
  outcome.kind = Outcome::Kind::kEmotion;
  outcome.width = 200;
  outcome.height = 100;
  outcome.faces_found = 1;
  outcome.faces = {
      {.box = {50, 20, 60, 60}, .probabilities = {0.9f, 0.1f}, .label = 0}};
  return outcome;
}

OnnxContract emotion_contract() {
  OnnxContract contract;
  contract.classes = {"happy", "sad"};
  contract.model = "fernet";
  contract.run = "fernet-seed-0";
  contract.protocol = "clean";
  return contract;
}

ServerTest::ServerTest() {
  options_.contract = emotion_contract();
  options_.predict = [](std::span<const std::byte>) { return happy_outcome(); };
  options_.limits.rate = 0;
  options_.limits.connections = 16;
  options_.songs =
      make_catalogue(folder_, {test_song(1, "cheerful", "Happy", 90),
                               test_song(2, "cheerful", "Happy", 80),
                               test_song(3, "cheerful", "Happy", 70),
                               test_song(4, "sombre", "Sad", 60)});
}

void ServerTest::start() {
  server_ = std::make_unique<WebServer>(options_);
  port_ = server_->bind("127.0.0.1", 0);
  listener_ = std::thread([this] { server_->run(); });
}

void ServerTest::TearDown() {
  if (!server_) return;
  if (options_.limits.rate == 0) {
    EXPECT_EQ(get("/healthz").status, 200);
  }
  server_->stop();
  listener_.join();
}

HttpAnswer ServerTest::ask(const std::string& request) {
  RawClient client(port_);
  client.send(request);
  return client.receive();
}

HttpAnswer ServerTest::get(const std::string& path,
                           const HttpHeaders& headers) {
  return ask(http_request("GET", path, "", headers));
}

HttpAnswer ServerTest::post(const std::string& path, const std::string& body,
                            const std::string& type, HttpHeaders headers) {
  headers.emplace_back("Content-Type", type);
  return ask(http_request("POST", path, body, headers));
}

HttpAnswer ServerTest::predict() {
  return post("/api/predict", png_header(200, 100), "image/png");
}

}  // namespace fer
