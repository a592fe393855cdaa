// SPDX-License-Identifier: MIT
// Containers of our own making, whole and broken, with the verdict each must get. They are
// tried fresh from the writer, and as files that the project carries.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "evidence/asic_container.hpp"
#include "evidence/asic_verifier.hpp"
#include "test_pki.hpp"

namespace causeway::evidence {

// A time-stamping authority.
struct TestTsa {
  pki::PrivateKey key;
  pki::Certificate certificate;

  static TestTsa make(const TestCa& ca);
  // A token over the octets, with the authority's certificate in it.
  Bytes stamp(ByteView octets, TimePoint at) const;
};

using ZipEntries = std::vector<std::pair<std::string, std::string>>;

ZipEntries entries_of(ByteView file);
Bytes zipped(const ZipEntries& entries);
// Of one entry, which must be there; an empty content takes it out.
Bytes with_entry(ByteView file, const std::string& name, const std::string& content);

class ContainerMaker {
 public:
  ContainerMaker() : member_(TestMember::make()), tsa_(TestTsa::make(member_.ca)), authorities_{tsa_.certificate} {}

  const TestMember& member() const { return member_; }
  const TestTsa& tsa() const { return tsa_; }

  static std::string soap_request(const std::string& member_code = "1234");
  static std::string soap_response();
  static std::string rest_request();
  static std::string rest_response();

  // A message and its attachments, alone, with a timestamp of its signature.
  Bytes single(const std::vector<std::string>& contents, TimePoint stamped_at = kStamped) const;
  // The second of three messages signed, and then stamped, together.
  Bytes batch(const std::vector<std::string>& contents, TimePoint stamped_at = kStamped) const;
  // A signature that was made otherwise.
  Bytes single_of(const std::vector<std::string>& contents, SignatureDocument document,
                  TimePoint stamped_at = kStamped) const;

  AsicTrust trust(const TestTrust& authorities) const { return {authorities, authorities_}; }
  ContainerReport verify(ByteView file) const;

  static const TimePoint kLogged;   // what entries carry
  static const TimePoint kStamped;  // ten minutes after signing

 private:
  TestMember member_;
  TestTsa tsa_;
  std::vector<pki::Certificate> authorities_;
};

struct ContainerCase {
  std::string name;
  Bytes file;
  std::string check, code;  // of the first failure; empty: it is good
};

std::vector<ContainerCase> container_cases(const ContainerMaker& maker);

}  // namespace causeway::evidence
