#include "deploy/limited_stream.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

namespace fer {
namespace {
using std::chrono::milliseconds;

// Waits are cut into slices, so that a stop is noticed during one.
constexpr milliseconds kSlice(100);
constexpr milliseconds kGrace(1000);

// True when `event` is there within `wait`.
bool wait_for(int socket, short event, milliseconds wait) {
  pollfd entry{socket, event, 0};
  const int most = static_cast<int>(std::max<int64_t>(0, wait.count()));
  int ready;
  do {
    ready = poll(&entry, 1, most);
  } while (ready < 0 && errno == EINTR);
  return ready > 0;
}

void name_address(const sockaddr_storage& address, std::string& ip, int& port) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
    port = ntohs(v4.sin_port);
  } else if (address.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
    inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
    port = ntohs(v6.sin6_port);
  }
  ip = text.data();
}

}  // namespace

LimitedStream::LimitedStream(int socket, const HttpLimits& limits,
                             const std::atomic<bool>& stopping)
    : socket_(socket), limits_(limits), stopping_(stopping) {
  // Heads and bodies are written one after the other; Nagle's algorithm would
  // hold the second one back by 40 ms.
  const int yes = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
}

LimitedStream::~LimitedStream() {
  shutdown(socket_, SHUT_RDWR);
  close(socket_);
}

bool LimitedStream::wait_for_request() {
  in_body_ = false;
  counted_ = true;
  head_read_ = body_read_ = body_declared_ = 0;
  status_ = 0;
  const auto end = Clock::now() + limits_.idle;
  while (begin_ == end_ && !wait_for(socket_, POLLIN, kSlice)) {
    if (stopping_ || Clock::now() >= end) return false;
  }
  deadline_ = Clock::now() + limits_.arrival;
  return begin_ != end_ || fill() > 0;
}

void LimitedStream::start_body(std::optional<size_t> declared, size_t most) {
  in_body_ = true;
  counted_ = declared.has_value();
  body_declared_ = declared.value_or(0);
  body_most_ = most;
}

bool LimitedStream::at_end_of_request() const {
  return in_body_ && counted_ && body_read_ == body_declared_;
}

bool LimitedStream::is_readable() const {
  return begin_ != end_ || wait_for(socket_, POLLIN, milliseconds(0));
}

bool LimitedStream::is_writable() const {
  return wait_for(socket_, POLLOUT, limits_.write);
}

void LimitedStream::refuse_with(int status, const std::string& text) {
  if (!refusal_) refusal_.emplace(status, text);
}

bool LimitedStream::count(size_t bytes) {
  if (!in_body_) {
    head_read_ += bytes;
    if (head_read_ > limits_.header_bytes)
      refuse_with(431, fmt::format("expected headers of at most {} bytes; got "
                                   "more.",
                                   limits_.header_bytes));
  } else {
    body_read_ += bytes;
    // Chunks are framed by lengths, which are counted too: leave them room.
    const size_t room = counted_ ? 0 : body_most_ / 8 + 1024;
    if (body_read_ > body_most_ + room)
      refuse_with(
          413, fmt::format("expected at most {} bytes; got more.", body_most_));
  }
  return !refusal_;
}

bool LimitedStream::wait_for_bytes() {
  bool in_grace = false;
  while (Clock::now() < deadline_) {
    if (wait_for(socket_, POLLIN, kSlice)) return true;
    if (stopping_ && !in_grace) {
      in_grace = true;
      deadline_ = std::min(deadline_, Clock::now() + kGrace);
    }
  }
  return false;
}

ssize_t LimitedStream::fill() {
  if (!wait_for_bytes()) {
    refuse_with(408, fmt::format("expected a whole request within {} ms; got a "
                                 "part of one.",
                                 limits_.arrival.count()));
    return -1;
  }
  ssize_t got;
  do {
    got = recv(socket_, buffer_.data(), buffer_.size(), 0);
  } while (got < 0 && errno == EINTR);
  begin_ = 0;
  end_ = got > 0 ? static_cast<size_t>(got) : 0;
  return got;
}

ssize_t LimitedStream::read(char* data, size_t size) {
  if (refusal_) return -1;
  if (begin_ == end_) {
    const ssize_t got = fill();
    if (got <= 0) return got;
  }
  const size_t n = std::min(size, end_ - begin_);
  std::memcpy(data, buffer_.data() + begin_, n);
  begin_ += n;
  return count(n) ? static_cast<ssize_t>(n) : -1;
}

bool LimitedStream::write_all(const char* data, size_t size) {
  while (size > 0) {
    if (!wait_for(socket_, POLLOUT, limits_.write)) return false;
    const ssize_t sent = send(socket_, data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (sent <= 0) return false;
    data += sent;
    size -= static_cast<size_t>(sent);
  }
  return true;
}

ssize_t LimitedStream::write(const char* data, size_t size) {
  if (refusal_) return static_cast<ssize_t>(size);
  constexpr std::string_view kStart = "HTTP/1.1 ";
  if (status_ < 200 && std::string_view(data, size).starts_with(kStart) &&
      size >= kStart.size() + 3)
    std::from_chars(data + kStart.size(), data + kStart.size() + 3, status_);
  return write_all(data, size) ? static_cast<ssize_t>(size) : -1;
}

void LimitedStream::finish_with(const HttpError& error) {
  const std::string response = raw_response(error);
  status_ = error.status();
  if (write_all(response.data(), response.size())) linger();
}

void LimitedStream::linger() {
  constexpr auto kLongest = milliseconds(1000);
  constexpr size_t kMost = size_t{64} << 20;
  shutdown(socket_, SHUT_WR);
  const auto end = Clock::now() + kLongest;
  size_t drained = 0;
  while (drained < kMost) {
    const auto left =
        std::chrono::duration_cast<milliseconds>(end - Clock::now());
    if (left.count() <= 0 || !wait_for(socket_, POLLIN, left)) return;
    const ssize_t got =
        recv(socket_, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (got <= 0) return;
    drained += static_cast<size_t>(got);
  }
}

void LimitedStream::get_remote_ip_and_port(std::string& ip, int& port) const {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  if (getpeername(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0)
    name_address(address, ip, port);
}

void LimitedStream::get_local_ip_and_port(std::string& ip, int& port) const {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  if (getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0)
    name_address(address, ip, port);
}

}  // namespace fer
