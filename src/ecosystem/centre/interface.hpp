// SPDX-License-Identifier: MIT
// The administration interface of a Central Server on this machine, as a script would use it.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "ecosystem/caller.hpp"

namespace causeway::ecosystem {

class CentreInterface {
 public:
  struct Form {
    std::vector<std::pair<std::string, std::string>> fields;
    std::string file, file_name, content;
  };

  // `certificate`: the file of what it must show. io_error before that was made.
  static Result<std::unique_ptr<CentreInterface>> open(const std::filesystem::path& certificate, std::uint16_t port,
                                                       std::string key);

  // `path`: behind /api/v1. What is answered, null for nothing. The error code that a refusal has, and what stands in
  // the way of a call.
  Result<boost::json::value> ask(const std::string& method, const std::string& path,
                                 const boost::json::value& body = nullptr);
  Result<boost::json::value> send_form(const std::string& method, const std::string& path, const Form& form);
  Result<std::string> download(const std::string& path);

 private:
  CentreInterface(std::string url, std::string key, std::shared_ptr<const net::TlsClientContext> tls)
      : url_(std::move(url)), key_(std::move(key)), tls_(std::move(tls)) {}
  Result<std::string> call(const std::string& method, const std::string& path, std::string body,
                           const std::string& content_type);

  const std::string url_, key_;
  const std::shared_ptr<const net::TlsClientContext> tls_;
  Caller caller_;
};

}  // namespace causeway::ecosystem
