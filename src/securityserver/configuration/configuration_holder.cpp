// SPDX-License-Identifier: MIT
#include "securityserver/configuration/configuration_holder.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include "base/log.hpp"

namespace causeway::securityserver {

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
  if (fingerprint() == seen_) return false;
  return load_locked().ok();
}

void ConfigurationHolder::on_change(std::function<void(const std::shared_ptr<const ServerConfiguration>&)> callback) {
  const std::lock_guard lock(reloading_);
  changed_ = std::move(callback);
}

Result<void> ConfigurationHolder::load_locked() {
  std::vector<std::string> files;
  // Before reading: a change that comes while reading is seen the next time.
  seen_ = fingerprint();
  auto loaded = load_configuration(file_, &files);
  const bool same_files = files == files_;
  files_ = std::move(files);
  if (!same_files) seen_ = fingerprint();
  if (!loaded) {
    log::error("the server configuration stays as it was: {}", loaded.error().text);
    return loaded.error();
  }
  current_.set(*loaded);
  log::info("server configuration of {} loaded: {} clients", (*loaded)->id.to_string(), (*loaded)->clients.size());
  if (changed_) changed_(*loaded);
  return {};
}

std::string ConfigurationHolder::fingerprint() const {
  std::string print;
  for (const auto& file : files_) {
    struct stat info{};
    if (::stat(file.c_str(), &info) != 0)
      print += "absent;";
    else
      print += fmt::format("{}:{}:{}:{}.{};", info.st_dev, info.st_ino, info.st_size, info.st_mtim.tv_sec,
                           info.st_mtim.tv_nsec);
  }
  return print;
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
