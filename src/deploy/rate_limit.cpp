#include "deploy/rate_limit.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace fer {

RateLimit::RateLimit(double rate, double burst, size_t most_clients)
    : rate_(rate),
      burst_(std::max(1.0, burst)),
      most_clients_(std::max<size_t>(1, most_clients)) {}

int RateLimit::wait_of(const std::string& address, Time now) {
  if (rate_ <= 0) return 0;
  const std::scoped_lock lock(mutex_);
  if (buckets_.size() >= most_clients_) forget_idle(now);
  Bucket& bucket = buckets_.try_emplace(client_of(address), Bucket{burst_, now})
                       .first->second;
  const double seconds =
      std::chrono::duration<double>(now - bucket.filled).count();
  bucket.tokens = std::min(burst_, bucket.tokens + seconds * rate_);
  bucket.filled = now;
  if (bucket.tokens >= 1) {
    bucket.tokens -= 1;
    return 0;
  }
  return std::max(1, static_cast<int>(std::ceil((1 - bucket.tokens) / rate_)));
}

size_t RateLimit::clients() const {
  const std::scoped_lock lock(mutex_);
  return buckets_.size();
}

// Clients whose bucket is full again lose nothing; were all of them busy, all
// start anew, which lets them through and never locks anybody out.
void RateLimit::forget_idle(Time now) {
  const auto full = std::chrono::duration<double>(burst_ / rate_);
  std::erase_if(buckets_, [&](const auto& entry) {
    return now - entry.second.filled >= full;
  });
  if (buckets_.size() >= most_clients_) buckets_.clear();
}

std::string client_of(const std::string& address) {
  std::array<unsigned char, 16> bytes;
  if (inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1) return address;
  std::array<char, INET6_ADDRSTRLEN> text;
  constexpr std::array<unsigned char, 12> kMapped = {0, 0, 0, 0, 0,    0,
                                                     0, 0, 0, 0, 0xff, 0xff};
  if (std::equal(kMapped.begin(), kMapped.end(), bytes.begin()))
    return inet_ntop(AF_INET, &bytes[12], text.data(), text.size());
  std::fill(bytes.begin() + 8, bytes.end(), 0);
  inet_ntop(AF_INET6, bytes.data(), text.data(), text.size());
  return std::string(text.data()) + "/64";
}

}  // namespace fer
