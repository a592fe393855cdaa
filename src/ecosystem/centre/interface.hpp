// SPDX-License-Identifier: MIT
// The administration interface of a Central Server on this machine, as a script would use it.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "base/result.hpp"
#include "country/admin_api.hpp"
#include "message/form_data.hpp"

namespace causeway::ecosystem {

class CentreInterface {
 public:
  // `certificate`: the file of what it must show. io_error before that was made.
  static Result<std::unique_ptr<CentreInterface>> open(const std::filesystem::path& certificate, std::uint16_t port,
                                                       std::string key);

  // `path`: behind /api/v1. What is answered, null for nothing. api_refused, and what stands in the way of a call.
  Result<boost::json::value> ask(const std::string& method, const std::string& path,
                                 const boost::json::value& body = nullptr);
  Result<boost::json::value> send_form(const std::string& method, const std::string& path,
                                       const message::FormData& form);
  Result<std::string> download(const std::string& path);

 private:
  explicit CentreInterface(std::unique_ptr<country::AdminApi> api) : api_(std::move(api)) {}

  const std::unique_ptr<country::AdminApi> api_;
};

}  // namespace causeway::ecosystem
