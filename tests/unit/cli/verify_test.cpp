// SPDX-License-Identifier: MIT
// `causeway verify` as people and scripts start it, on the containers of tests/data/evidence.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>

#include "base/files.hpp"
#include "evidence/linking_info.hpp"
#include "evidence/zip_writer.hpp"
#include "globalconf/shared_parameters.hpp"
#include "pki/certificate.hpp"
#include "support/locations.hpp"
#include "support/temporary_directory.hpp"

namespace causeway::cli {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

const fs::path kContainers = testing::source_directory() / "tests/data/evidence/containers";
constexpr auto kSha512 = pki::DigestAlgorithm::sha512;

std::string content_of(const fs::path& file) {
  auto text = read_file(file);
  EXPECT_TRUE(text) << file;
  return text ? *std::move(text) : "";
}

// What is given out at /verificationconf, for the instance that the containers are of.
std::string shared_parameters() {
  globalconf::SharedParameters parameters;
  parameters.instance = "XX";
  globalconf::CertificationService service;
  service.name = "Test";
  service.top.certificate = pki::Certificate::from_pem(content_of(kContainers / "ca.pem"))->der();
  service.profile_class = "ee.ria.xroad.common.certificateprofile.impl.EjbcaCertificateProfileInfoProvider";
  parameters.certification_services = {service};
  parameters.timestamping_services = {
      {"TSA", "http://localhost", pki::Certificate::from_pem(content_of(kContainers / "tsa.pem"))->der(), {}}};
  parameters.member_classes = {{"COM", "Companies"}};
  parameters.sources = {{"localhost", {}, {}}};
  return globalconf::write_shared_parameters(parameters, 3);
}

class Verify : public ::testing::Test {
 protected:
  void SetUp() override {
    put("conf/instance-identifier", "XX");
    put("conf/XX/shared-params.xml", shared_parameters());
    put("conf/XX/shared-params.xml.metadata", R"({"configurationVersion":"3"})");
  }

  void put(const std::string& name, std::string_view content) const {
    ASSERT_TRUE(make_directories(fs::path(folder_ / name).parent_path()));
    ASSERT_TRUE(write_file_atomically(folder_ / name, content));
  }
  std::string get(const std::string& name) const { return content_of(folder_ / name); }
  bool exists(const std::string& name) const { return fs::exists(folder_ / name); }

  // The exit code; output and errors are in out() and err().
  int run(const std::string& arguments) const {
    const std::string command = "cd " + folder_.path().string() + " && timeout 120 " + testing::program() + " verify " +
                                arguments + " >out.txt 2>err.txt </dev/null";
    const int status = std::system(command.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  std::string out() const { return get("out.txt"); }
  std::string err() const { return get("err.txt"); }
  json::object report() const { return json::parse(out()).as_object(); }

  static std::string container(const std::string& name) { return (kContainers / (name + ".asice")).string(); }

  // An archive of these, and the link that it ends with.
  std::string archive(const std::string& name, const std::vector<std::string>& containers,
                      const std::string& previous = {}) const {
    evidence::LinkingInfo info;
    info.previous_link = previous;
    info.previous_file = previous.empty() ? "" : "before.zip";
    Bytes file;
    evidence::ZipWriter zip(evidence::append_to(file));
    for (const std::string& one : containers) {
      const std::string content = content_of(container(one));
      info.add(one + ".asice", pki::digest(kSha512, as_bytes(content)));
      EXPECT_TRUE(zip.add(one + ".asice", as_bytes(content), {}, evidence::ZipCompression::none));
    }
    EXPECT_TRUE(zip.add(evidence::kLinkingInfoFile, as_bytes(info.to_text()), {}));
    EXPECT_TRUE(zip.finish());
    put(name, as_text(file));
    return info.last_link();
  }

  const testing::TemporaryDirectory folder_;
};

TEST_F(Verify, TellsPeopleWhatIsProven) {
  ASSERT_EQ(run("--conf conf " + container("rest-body")), 0) << out() << err();
  for (const char* text :
       {"GOOD     ", "REST request query-2", "client   SUBSYSTEM:XX/COM/1234/SUB",
        "service  SERVICE:XX/COM/1234/REG/things", "POST /r1/XX/COM/1234/REG/things/7", "CN=1234,O=COM,C=XX",
        "issued by CN=Test CA,O=Test", "2026-05-28T20:36:40.000Z", "by CN=Test TSA,O=Test", "OCSP        good",
        "    passed     signature_value      made with the key of the certificate", "passed     attachment1"})
    EXPECT_NE(out().find(text), std::string::npos) << text << "\n" << out();
}

TEST_F(Verify, TellsWhyItRefuses) {
  ASSERT_EQ(run("--conf conf " + container("message-changed")), 1) << out() << err();
  EXPECT_TRUE(out().starts_with("REFUSED  ")) << out();
  EXPECT_NE(out().find("the digest of the reference differs: /message.xml (invalid_signature_value)"),
            std::string::npos);
  EXPECT_NE(out().find("    failed     references"), std::string::npos);
}

TEST_F(Verify, PrintsJson) {
  ASSERT_EQ(run("--json --conf conf " + container("soap-single") + " " + container("revoked")), 1) << err();
  const json::object all = report();
  EXPECT_FALSE(all.at("good").as_bool());
  const json::object& good = all.at("files").as_array().at(0).as_object();
  EXPECT_TRUE(good.at("good").as_bool());
  EXPECT_TRUE(good.at("fault").is_null());
  EXPECT_EQ(good.at("message").at("id").as_string(), "query-1");
  EXPECT_EQ(good.at("message").at("sender").as_string(), "SUBSYSTEM:XX/COM/1234/SUB");
  EXPECT_EQ(good.at("timestamp").at("time").as_string(), "2026-05-28T20:36:40.000Z");
  EXPECT_EQ(good.at("ocsp").at("status").as_string(), "good");
  EXPECT_GT(good.at("checks").as_array().size(), 10u);
  const json::object& bad = all.at("files").as_array().at(1).as_object();
  EXPECT_EQ(bad.at("fault").at("check").as_string(), "ocsp");
  EXPECT_EQ(bad.at("fault").at("code").as_string(), "invalid_cert_path.cert_validation");
}

TEST_F(Verify, TakesTheConfigurationAsItIsGivenOut) {
  Bytes file;
  evidence::ZipWriter zip(evidence::append_to(file));
  for (const char* name : {"XX/shared-params.xml", "XX/shared-params.xml.metadata", "instance-identifier"})
    ASSERT_TRUE(zip.add(std::string("verificationconf/") + name, as_bytes(get(std::string("conf/") + name)), {}));
  ASSERT_TRUE(zip.finish());
  put("conf.zip", as_text(file));
  EXPECT_EQ(run("--conf conf.zip " + container("soap-batch")), 0) << out() << err();
  fs::create_directories(folder_ / "unpacked");
  fs::copy(folder_ / "conf", folder_ / "unpacked/verificationconf", fs::copy_options::recursive);
  EXPECT_EQ(run("--conf unpacked " + container("soap-batch")), 0) << out() << err();
}

TEST_F(Verify, DoesNotMindThatTheConfigurationExpired) {
  put("conf/XX/shared-params.xml.metadata",
      R"({"contentIdentifier":"SHARED-PARAMETERS","instanceIdentifier":"XX","expirationDate":"2020-01-01T00:00:00Z",)"
      R"("contentFileName":"shared-params.xml","configurationVersion":"3"})");
  EXPECT_EQ(run("--conf conf " + container("soap-batch")), 0) << out() << err();
}

// The configuration is worth nothing unless it was downloaded; what is signed stays unread.
TEST_F(Verify, TellsThatAnAnchorLeadsNowhere) {
  put("anchor.xml",
      R"(<ns3:configurationAnchor xmlns:ns3="http://x-road.eu/xsd/xroad.xsd"><generatedAt>2026-01-01T00:00:00Z)"
      R"(</generatedAt><instanceIdentifier>XX</instanceIdentifier><source><downloadURL>http://127.0.0.1:1/conf)"
      R"(</downloadURL><verificationCert>AAAA</verificationCert></source></ns3:configurationAnchor>)");
  EXPECT_EQ(run("--conf anchor.xml " + container("soap-single")), 2);
  EXPECT_NE(err().find("the configuration cannot be downloaded"), std::string::npos) << err();
}

TEST_F(Verify, TellsWhatItCannotRead) {
  EXPECT_EQ(run("--conf conf nowhere.asice"), 2);
  EXPECT_NE(err().find("nowhere.asice"), std::string::npos);
  EXPECT_EQ(run("--conf nowhere " + container("soap-single")), 2);
  EXPECT_EQ(run("--conf conf"), 2);
  EXPECT_EQ(run(container("soap-single")), 2);
  put("a.zip.gpg", "x");
  EXPECT_EQ(run("--conf conf a.zip.gpg"), 2);
  EXPECT_NE(err().find("gpg --decrypt"), std::string::npos);
  EXPECT_EQ(run("--conf conf --previous xyz " + container("soap-single")), 2);
  EXPECT_EQ(run("--conf conf --first --previous ab " + container("soap-single")), 2);
  put("empty", "");
  EXPECT_EQ(run("--conf conf empty"), 1);
  put("conf/XX/shared-params.xml", "<broken");
  EXPECT_EQ(run("--conf conf " + container("soap-single")), 2);
}

TEST_F(Verify, ExtractsOnlyWhatIsProven) {
  ASSERT_EQ(run("--conf conf --extract to " + container("rest-body")), 0) << err();
  EXPECT_EQ(get("to/attachment1"), "{\"a\":1}");
  EXPECT_TRUE(get("to/message.xml").starts_with("POST\r\n/r1/XX/COM/1234/REG/things/7"));
  EXPECT_EQ(run("--conf conf --extract bad " + container("message-changed")), 1);
  EXPECT_FALSE(exists("bad"));
}

TEST_F(Verify, ReplacesNothingUnlessForced) {
  put("to/message.xml", "mine");
  EXPECT_EQ(run("--conf conf --extract to " + container("soap-single")), 2);
  EXPECT_NE(err().find("--force"), std::string::npos);
  EXPECT_EQ(get("to/message.xml"), "mine");
  EXPECT_EQ(run("--conf conf --force --extract to " + container("soap-single")), 0);
  EXPECT_NE(get("to/message.xml"), "mine");
  // A link would lead elsewhere.
  put("precious", "mine");
  fs::remove(folder_ / "to/message.xml");
  fs::create_symlink(folder_ / "precious", folder_ / "to/message.xml");
  EXPECT_EQ(run("--conf conf --force --extract to " + container("soap-single")), 2);
  EXPECT_EQ(get("precious"), "mine");
}

TEST_F(Verify, FollowsArchivesOneByOne) {
  const std::string first = archive("a.zip", {"soap-single", "rest-body"});
  const std::string second = archive("b.zip", {"soap-batch"}, first);
  EXPECT_EQ(run("--conf conf --first a.zip b.zip"), 0) << out() << err();
  EXPECT_NE(out().find("Last link   " + second), std::string::npos) << out();
  EXPECT_EQ(run("--conf conf --previous " + first + " b.zip"), 0) << out();
  EXPECT_EQ(run("--conf conf b.zip"), 0) << out();
  EXPECT_NE(out().find("unverified previous_link"), std::string::npos) << out();
  EXPECT_EQ(run("--conf conf --first b.zip"), 1);
  EXPECT_EQ(run("--conf conf --first b.zip a.zip"), 1);
  EXPECT_EQ(run("--conf conf --previous " + second + " b.zip"), 1);
  EXPECT_EQ(run("--json --conf conf --first a.zip"), 0);
  const json::object one = report().at("files").as_array().at(0).as_object();
  EXPECT_EQ(one.at("last_link").as_string(), first);
  EXPECT_EQ(one.at("containers").as_array().size(), 2u);
  EXPECT_EQ(run("--conf conf --extract all a.zip"), 0) << err();
  EXPECT_EQ(get("all/rest-body/attachment1"), "{\"a\":1}");
  EXPECT_TRUE(exists("all/soap-single/message.xml"));
}

TEST_F(Verify, RefusesAnArchiveWithOneBadContainer) {
  archive("a.zip", {"soap-single", "revoked"});
  EXPECT_EQ(run("--conf conf --first a.zip"), 1);
  EXPECT_NE(out().find("GOOD     soap-single.asice"), std::string::npos) << out();
  EXPECT_NE(out().find("REFUSED  revoked.asice"), std::string::npos) << out();
  EXPECT_NE(out().find("1 of 2 containers are good"), std::string::npos) << out();
}

TEST_F(Verify, PrintsNothingThatActsOnATerminal) {
  Bytes file;
  evidence::ZipWriter zip(evidence::append_to(file));
  ASSERT_TRUE(
      zip.add("\xc2\x9b"
              "31m",
              as_bytes("x"), {}));
  ASSERT_TRUE(zip.finish());
  put("a.zip", as_text(file));
  EXPECT_EQ(run("--conf conf a.zip"), 1);
  EXPECT_EQ(out().find("\xc2\x9b"), std::string::npos);
}

}  // namespace
}  // namespace causeway::cli
