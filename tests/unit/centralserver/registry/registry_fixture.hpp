// SPDX-License-Identifier: MIT
// A registry on either engine, and the words to say what is done to it.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "centralserver/registry/change.hpp"
#include "centralserver/registry/history.hpp"
#include "centralserver/registry/initialization.hpp"
#include "centralserver/registry/member_classes.hpp"
#include "centralserver/registry/members.hpp"
#include "centralserver/registry/registry.hpp"
#include "centralserver/registry/security_servers.hpp"
#include "centralserver/registry/server_clients.hpp"
#include "centralserver/registry/subsystems.hpp"
#include "unit/globalconf/samples.hpp"
#include "unit/store/engines.hpp"

namespace causeway::centralserver {

using globalconf::client_id;
using globalconf::sample_pki;
using globalconf::server_id;

inline const std::string kDone = "done";

template <class T>
std::string code_of(const Result<T>& result) {
  return result ? kDone : result.error().code;
}

class RegistryTest : public testing::EngineTest {
 protected:
  RegistryTest() : registry(*Registry::open(open())) {}

  // What becomes of one operation in a change of its own: kDone, or the code of its fault. A
  // refused one must leave nothing behind.
  template <class Operation>
  std::string in_change(Operation operation) {
    auto change = Change::begin(registry, "admin");
    if (!change) return change.error().code;
    const std::string code = code_of(operation(*change));
    if (code != kDone) {
      const auto written = EngineTest::count(registry.database(), "history");
      change->commit().ok();
      EXPECT_EQ(EngineTest::count(registry.database(), "history"), written);
      EXPECT_EQ(written, noted_) << code << " was said after something had been changed";
      return code;
    }
    EXPECT_EQ(code_of(change->commit()), kDone);
    noted_ = EngineTest::count(registry.database(), "history");
    return code;
  }

  void initialise() {
    ASSERT_EQ(in_change([](Change& change) { return initialize(change, "DEV", "cs.example.org"); }), kDone);
  }
  // Two classes, two members, three subsystems, a server of each member.
  void fill() {
    initialise();
    for (const char* code : {"GOV", "COM"})
      ASSERT_EQ(in_change([&](Change& change) { return add_member_class(change, {code, "Some class"}); }), kDone);
    for (const char* id : {"DEV/GOV/100", "DEV/COM/200"})
      ASSERT_EQ(in_change([&](Change& change) { return add_member(change, client_id(id), "Öko & Söhne"); }), kDone);
    for (const char* id : {"DEV/GOV/100/MGMT", "DEV/GOV/100/registry", "DEV/COM/200/client"})
      ASSERT_EQ(in_change([&](Change& change) { return add_subsystem(change, client_id(id), ""); }), kDone);
    for (const char* id : {"DEV/GOV/100/SS1", "DEV/COM/200/SS2"})
      ASSERT_EQ(in_change([&](Change& change) { return register_security_server(change, server_id(id), "127.0.0.2"); }),
                kDone);
  }

  // "added member MEMBER:DEV/GOV/100", "changed member ... name", of the latest change.
  std::vector<std::string> latest_history() {
    auto entries = read_history(registry);
    std::vector<std::string> out;
    if (!entries || entries->empty()) return out;
    for (const HistoryEntry& entry : *entries) {
      if (entry.change != entries->back().change) continue;
      out.push_back(std::string(to_string(entry.action)) + " " + entry.kind + " " + entry.subject +
                    (entry.field.empty() ? "" : " " + entry.field));
    }
    return out;
  }

  Registry registry;

 private:
  std::int64_t noted_ = 0;
};

}  // namespace causeway::centralserver
