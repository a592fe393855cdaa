// SPDX-License-Identifier: MIT
#include "securityserver/configuration/configuration_holder.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include "base/clock.hpp"
#include "base/free_memory.hpp"
#include "base/log.hpp"
#include "securityserver/configuration/registrations.hpp"

namespace causeway::securityserver {
namespace {

// What changed so shortly before it was read may have been read as it was before.
constexpr std::chrono::seconds kJustNow{1};

std::string stamp_of(const std::string& file, TimePoint unless_since = TimePoint::max()) {
  struct stat info{};
  if (::stat(file.c_str(), &info) != 0) return "absent";
  if (from_unix_millis(info.st_ctim.tv_sec * std::int64_t{1000}) >= unless_since) return "";
  return fmt::format("{}:{}:{}:{}.{}", info.st_dev, info.st_ino, info.st_size, info.st_mtim.tv_sec,
                     info.st_mtim.tv_nsec);
}

}  // namespace

Result<std::unique_ptr<ConfigurationHolder>> ConfigurationHolder::open(std::string file,
                                                                       std::chrono::milliseconds interval) {
  std::unique_ptr<ConfigurationHolder> holder(new ConfigurationHolder(std::move(file)));
  if (auto loaded = holder->load_locked(); !loaded) return loaded.error();
  if (interval.count() > 0) holder->watcher_ = std::thread([self = holder.get(), interval] { self->watch(interval); });
  return holder;
}

ConfigurationHolder::~ConfigurationHolder() {
  {
    const std::lock_guard lock(waiting_);
    stopping_ = true;
  }
  stop_.notify_all();
  if (watcher_.joinable()) watcher_.join();
}

std::shared_ptr<const ServerConfiguration> ConfigurationHolder::current() const { return current_.get(); }

Result<void> ConfigurationHolder::reload() {
  const std::lock_guard lock(reloading_);
  return load_locked();
}

bool ConfigurationHolder::reload_if_changed() {
  const std::lock_guard lock(reloading_);
  if (stamps() == seen_) return false;
  return load_locked().ok();
}

Result<void> ConfigurationHolder::keep_up() {
  const std::lock_guard lock(reloading_);
  return stamps() == seen_ ? loaded_ : load_locked();
}

void ConfigurationHolder::on_change(std::function<void(const std::shared_ptr<const ServerConfiguration>&)> callback) {
  const std::lock_guard lock(reloading_);
  changed_ = std::move(callback);
}

Result<void> ConfigurationHolder::load_locked() {
  const TimePoint begin = now();
  // Before reading: a change that comes while reading is seen the next time.
  const Stamps before = stamps();
  const bool noted = noted_alone(seen_, before);
  std::vector<std::string> files;
  auto loaded = load_configuration(file_, &files);
  seen_.clear();
  for (const auto& file : files) {
    const auto known = before.find(file);
    seen_[file] = known != before.end() ? known->second : stamp_of(file, begin - kJustNow);
  }
  files_ = std::move(files);
  if (!loaded) {
    log::error("the server configuration stays as it was: {}", loaded.error().text);
    loaded_ = loaded.error();
    return loaded_;
  }
  loaded_ = {};
  current_.set(*loaded);
  return_free_memory();
  log::info("{} of {} loaded: {} clients", noted ? "registrations" : "server configuration", (*loaded)->id.to_string(),
            (*loaded)->clients.size());
  if (changed_) changed_(*loaded);
  return {};
}

ConfigurationHolder::Stamps ConfigurationHolder::stamps() const {
  Stamps found;
  for (const auto& file : files_) found.emplace(file, stamp_of(file));
  return found;
}

bool ConfigurationHolder::noted_alone(Stamps before, Stamps after) const {
  const std::string noted = registrations_file(file_).string();
  const std::string was = std::exchange(before[noted], ""), is = std::exchange(after[noted], "");
  return was != is && before == after;
}

void ConfigurationHolder::watch(std::chrono::milliseconds interval) {
  std::unique_lock lock(waiting_);
  while (!stop_.wait_for(lock, interval, [this] { return stopping_; })) {
    lock.unlock();
    reload_if_changed();
    lock.lock();
  }
}

}  // namespace causeway::securityserver
