// SPDX-License-Identifier: MIT
// Forms with files, to the administration interface of the fixture.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/files.hpp"
#include "unit/centralserver/api/api_fixture.hpp"
#include "unit/globalconf/samples.hpp"

namespace causeway::centralserver {

struct UploadedFile {
  std::string field, name;
  std::string content;
};

class UploadingApi : public CentralServerApi {
 protected:
  using Texts = std::vector<std::pair<std::string, std::string>>;

  Reply upload(const std::string& role, const std::string& method, const std::string& path, const Texts& texts,
               const std::vector<UploadedFile>& files = {}) const {
    std::string line;
    for (const auto& [name, value] : texts) line += "-F '" + name + "=" + value + "' ";
    for (std::size_t i = 0; i < files.size(); ++i) {
      const std::string kept = directory_ / ("upload" + std::to_string(i));
      EXPECT_TRUE(write_file_atomically(kept, files[i].content));
      line += "-F '" + files[i].field + "=@" + kept + ";filename=\"" + files[i].name + "\"' ";
    }
    return ask_with(role, method, path, line);
  }
  Reply administrator(const std::string& method, const std::string& path, const std::string& body = {}) const {
    return ask("SYSTEM_ADMINISTRATOR", method, path, body);
  }
  // The number of what was added.
  static std::int64_t number_in(const Reply& reply) {
    EXPECT_EQ(reply.status, 201) << reply.body;
    return reply.status == 201 ? boost::json::parse(reply.body).at("id").as_int64() : 0;
  }
  static std::string text_in(const Reply& reply, const char* pointer) {
    const boost::json::value answer = boost::json::parse(reply.body);
    boost::system::error_code missing;
    const boost::json::value* const found = answer.find_pointer(pointer, missing);
    return found == nullptr     ? ""
           : found->is_string() ? std::string(found->get_string())
                                : boost::json::serialize(*found);
  }
  static UploadedFile pem(const pki::Certificate& certificate, std::string name = "ca.pem") {
    return {"certificate", std::move(name), certificate.to_pem()};
  }
  static std::string code_in(const Reply& reply) {
    return std::to_string(reply.status) + " " + text_in(reply, "/error/code");
  }
};

}  // namespace causeway::centralserver
