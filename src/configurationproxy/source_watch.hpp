// SPDX-License-Identifier: MIT
// A fetcher that remembers whether its source said that it has no such version.
#pragma once

#include <string>
#include <utility>

#include "globalconf/fetcher.hpp"

namespace causeway::configurationproxy {

class SourceWatch final : public globalconf::Fetcher {
 public:
  explicit SourceWatch(globalconf::Fetcher& fetcher) : fetcher_(fetcher) {}

  void reset() { missing_ = answered_ = false; }
  // Every answer since reset() was 404, and there was one.
  bool not_given() const { return missing_ && !answered_; }

  net::Task<Result<globalconf::FetchedDocument>> get(std::string url, std::size_t limit) override {
    auto document = co_await fetcher_.get(std::move(url), limit);
    if (document) note(document->status);
    co_return document;
  }
  net::Task<Result<int>> get_into(std::string url, std::size_t limit, Sink sink) override {
    auto status = co_await fetcher_.get_into(std::move(url), limit, std::move(sink));
    if (status) note(*status);
    co_return status;
  }

 private:
  static constexpr int kNotFound = 404;
  void note(int status) { (status == kNotFound ? missing_ : answered_) = true; }

  globalconf::Fetcher& fetcher_;
  bool missing_ = false, answered_ = false;
};

}  // namespace causeway::configurationproxy
