// SPDX-License-Identifier: MIT
// Messages whose evidence is asked for, and what is needed to judge it.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "evidence/asic_verifier.hpp"
#include "globalconf/verification_configuration.hpp"
#include "requests.hpp"

namespace causeway::conformance {

// Each case has a message id of its own.
class EvidenceKit : public ::testing::Test {
 protected:
  EvidenceKit();
  void SetUp() override;
  void TearDown() override { Country::shared().grant_timestamps(); }

  const std::string& id() const { return id_; }
  // Of the app, to the service; both bodies have this size.
  void send_rest_message(std::size_t body_size = 100) const;
  void send_soap_message() const;
  // Stamps what the log of the consumer's server has, the message and others, all together,
  // as its administration would.
  void stamp_log() const;

  // "/asic?..." for the app's message and these flags: "requestOnly&unique".
  std::string query(const std::string& flags) const { return query_of(Country::shared().app(), flags); }
  std::string query_of(const ClientId& owner, const std::string& flags) const;
  // GET from the consumer's server, over HTTP.
  static Answer get(const std::string& target) { return get(Country::shared().consumer_http(), target); }
  static Answer get(const net::Endpoint& endpoint, const std::string& target, bool https = false,
                    const Identity* identity = nullptr);
  // `text` is a part of what it says.
  static void expect_refusal(const Answer& answer, int status, const std::string& text);
  static void expect_file(const Answer& answer, const std::string& type, const std::string& disposition);

  // By the configuration that the server itself gives out.
  static evidence::ContainerReport verify(std::string_view container);
  static void expect_good(std::string_view container);
  // Names and contents.
  static std::vector<std::pair<std::string, std::string>> containers_in(const std::string& zip);

 private:
  std::string id_;
};

}  // namespace causeway::conformance
