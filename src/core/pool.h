// Objects that only one thread may use at a time, shared by many threads.
#pragma once

#include <functional>
#include <mutex>
#include <type_traits>
#include <utility>
#include <vector>

namespace fer {

/// Keeps as many objects as were ever in use at once.
template <class T>
class Pool {
 public:
  explicit Pool(std::function<T()> make) : make_(std::move(make)) {}

  /// work(T&) with an object that no other thread has; a new one where all are
  /// taken. An object whose work threw is not used again.
  template <class Work>
  auto use(Work&& work) {
    T object = take();
    if constexpr (std::is_void_v<decltype(work(object))>) {
      work(object);
      give_back(std::move(object));
    } else {
      auto result = work(object);
      give_back(std::move(object));
      return result;
    }
  }

 private:
  T take() {
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        T object = std::move(idle_.back());
        idle_.pop_back();
        return object;
      }
    }
    return make_();
  }

  void give_back(T object) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(object));
  }

  std::function<T()> make_;
  std::mutex mutex_;
  std::vector<T> idle_;
};

}  // namespace fer
