// How often one client may ask.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

namespace fer {

/// A token bucket for each client: `burst` requests at once, `rate` a second in
/// the long run. Thread-safe; remembers a bounded number of clients.
class RateLimit {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// `rate` 0: no limit.
  RateLimit(double rate, double burst, size_t most_clients = 4096);

  /// 0 when the client at `address` may go on, else the seconds until it may
  /// (>= 1). IPv6 clients are told apart by their network (64 bits), since each
  /// owns all addresses of it.
  int wait_of(const std::string& address, Time now);

  size_t clients() const;

 private:
  struct Bucket {
    double tokens;
    Time filled;
  };
  void forget_idle(Time now);

  const double rate_, burst_;
  const size_t most_clients_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_;
};

/// "127.0.0.1", or the network "2001:db8:1:2::/64" of an IPv6 address; IPv4 in
/// IPv6 ("::ffff:10.0.0.1") counts as IPv4.
std::string client_of(const std::string& address);

}  // namespace fer
