// SPDX-License-Identifier: MIT
// Certificates made for one test run.
#pragma once

#include "net/tls.hpp"

namespace causeway::net {

// A self-signed root, an intermediate below it, and leaves below that.
class TestPki {
 public:
  static const TestPki& instance();
  // Leaf and intermediate, without the root.
  TlsIdentity issue(const std::string& common_name) const;
  // The same with one more certificate in the chain, of at least so many octets.
  TlsIdentity issue_with_ballast(const std::string& common_name, std::size_t octets) const;
  const pki::Certificate& intermediate() const { return intermediate_; }

 private:
  TestPki();
  pki::PrivateKey root_key_, intermediate_key_, leaf_key_;  // leaves share one: making them takes long
  pki::Certificate root_, intermediate_;
};

}  // namespace causeway::net
