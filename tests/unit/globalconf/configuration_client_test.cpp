// SPDX-License-Identifier: MIT
#include "globalconf/configuration_client.hpp"

#include <gtest/gtest.h>

#include "base/files.hpp"
#include "globalconf/view_holder.hpp"
#include "net/http_date.hpp"
#include "support/run_task.hpp"
#include "unit/globalconf/published_site.hpp"
#include "unit/globalconf/samples.hpp"

namespace causeway::globalconf {
namespace {

const TimePoint kStart = now();

class Client : public ::testing::Test {
 protected:
  Client() : own("DEV", "cs.dev"), partner("FED", "cs.fed") {
    fetcher.add(own);
    fetcher.add(partner);
    auto description = sample_instance("FED");
    EXPECT_TRUE(partner.publisher.publish(description, kStart));
    publish_own();
    write_anchor_file(own.publisher.internal_anchor());
  }

  void publish_own(std::vector<Anchor> partners = {}, TimePoint at = kStart, const std::string& name = "Agency") {
    auto description = sample_instance("DEV");
    description.partners = std::move(partners);
    description.members[0].name = name;
    auto published = own.publisher.publish(description, at);
    EXPECT_TRUE(published) << published.error().text;
  }
  void write_anchor_file(const Anchor& anchor) {
    EXPECT_TRUE(write_file_atomically(folder.path() / "anchor.xml", write_anchor(anchor)));
  }
  ConfigurationClient client(std::string_view federations = "all") {
    ConfigurationClientOptions options;
    options.anchor_file = folder.path() / "anchor.xml";
    options.directory = folder.path() / "globalconf";
    options.federations = FederationFilter(federations);
    return ConfigurationClient(options, fetcher);
  }
  std::string stored(const std::string& name) const {
    auto content = read_file(folder.path() / "globalconf" / name);
    return content ? *content : "";
  }
  bool has(const std::string& name) const { return std::filesystem::exists(folder.path() / "globalconf" / name); }

  testing::TemporaryDirectory folder;
  Site own, partner;
  SiteFetcher fetcher;
};

TEST_F(Client, StoresAConfigurationThatGivesAValidView) {
  auto conf = client();
  auto report = testing::run_task(conf.run_cycle(kStart));
  ASSERT_TRUE(report) << report.error().text;
  EXPECT_EQ(report->own.version, 6);
  EXPECT_EQ(report->own.stored, 5U);
  auto view = load_view((folder.path() / "globalconf").string());
  ASSERT_TRUE(view) << view.error().text;
  EXPECT_TRUE((*view)->check_valid(kStart));
  EXPECT_FALSE((*view)->check_valid(kStart + std::chrono::seconds(601)));
  EXPECT_EQ((*view)->ocsp_fetch_interval(), std::chrono::seconds(300));
  EXPECT_FALSE((*view)->ocsp_policy().verify_next_update);
  EXPECT_EQ((*view)->monitoring_client(), client_id("DEV/GOV/100"));
  EXPECT_EQ(stored("instance-identifier"), "DEV");
}

TEST_F(Client, MetadataHasTheKeysThatJavaKnows) {
  auto conf = client();
  ASSERT_TRUE(testing::run_task(conf.run_cycle(kStart)));
  const std::string json = stored("DEV/shared-params.xml.metadata");
  auto metadata = read_metadata(json);
  ASSERT_TRUE(metadata) << json;
  EXPECT_EQ(metadata->content_identifier, "SHARED-PARAMETERS");
  EXPECT_EQ(metadata->instance, "DEV");
  EXPECT_EQ(metadata->version, "6");
  EXPECT_EQ(metadata->location->find("/V6/"), 0U);
  EXPECT_EQ(to_iso_seconds(*metadata->expires), to_iso_seconds(kStart + std::chrono::seconds(600)));
  EXPECT_EQ(json.find("contentFileName"), std::string::npos) << json;
}

TEST_F(Client, OnlyTheExpiryMovesWhileNothingChanges) {
  auto conf = client();
  ASSERT_TRUE(testing::run_task(conf.run_cycle(kStart)));
  publish_own({}, kStart + std::chrono::seconds(60));
  fetcher.requests.clear();
  auto report = testing::run_task(conf.run_cycle(kStart + std::chrono::seconds(61)));
  ASSERT_TRUE(report);
  EXPECT_EQ(report->own.stored, 0U);
  EXPECT_EQ(report->own.refreshed, 5U);
  // The address that worked last comes first, with its version.
  ASSERT_EQ(fetcher.requests.size(), 1U);
  EXPECT_EQ(fetcher.requests[0], "http://cs.dev/internalconf?version=6");
  auto metadata = read_metadata(stored("DEV/shared-params.xml.metadata"));
  EXPECT_EQ(to_iso_seconds(*metadata->expires), to_iso_seconds(kStart + std::chrono::seconds(660)));
}

// Otherwise nobody knows why all is refused, or that the own clock is the wrong one.
TEST_F(Client, TellsHowFarClocksAreApart) {
  auto conf = client();
  ASSERT_TRUE(testing::run_task(conf.run_cycle(kStart)));
  EXPECT_FALSE(conf.clock_ahead()) << "the source does not say what time it is";
  fetcher.clock_ahead = std::chrono::minutes(125);
  ASSERT_TRUE(testing::run_task(conf.run_cycle(kStart)));
  EXPECT_NEAR(static_cast<double>(conf.clock_ahead()->count()), -125 * 60, 2);

  fetcher.clock_ahead = std::chrono::hours(-2);
  auto report = testing::run_task(conf.run_cycle(kStart + std::chrono::hours(2)));
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, kOutdated);
  EXPECT_NE(report.error().text.find(", and the clock here is 2 h 0 min ahead of that of http://cs.dev/internalconf"),
            std::string::npos)
      << report.error().text;

  fetcher.clock_ahead = std::chrono::seconds(1);
  report = testing::run_task(conf.run_cycle(kStart + std::chrono::hours(2)));
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().text.find("clock"), std::string::npos) << report.error().text;
}

TEST_F(Client, BelievesNoSourceInWhichCenturyItIs) {
  auto conf = client();
  fetcher.date = net::read_http_date("Mon, 01 Jan 0001 00:00:00 GMT");
  ASSERT_TRUE(testing::run_task(conf.run_cycle(kStart)));
  EXPECT_GT(conf.clock_ahead(), std::chrono::years(300));
  fetcher.date = net::read_http_date("Fri, 31 Dec 9999 23:59:59 GMT");
  ASSERT_TRUE(testing::run_task(conf.run_cycle(kStart)));
  EXPECT_LT(conf.clock_ahead(), -std::chrono::years(200));
}

TEST_F(Client, ChangedPartsAreReplaced) {
  auto conf = client();
  ASSERT_TRUE(testing::run_task(conf.run_cycle(kStart)));
  publish_own({}, kStart, "Renamed");
  auto report = testing::run_task(conf.run_cycle(kStart));
  ASSERT_TRUE(report);
  EXPECT_EQ(report->own.stored, 1U);
  EXPECT_NE(stored("DEV/shared-params.xml").find("Renamed"), std::string::npos);
}

TEST_F(Client, TriesTheSourcesOfTheSharedParametersFirstAndHttpsBeforeHttp) {
  ASSERT_TRUE(testing::run_task(client().run_cycle(kStart)));
  fetcher.requests.clear();
  // The anchor now names another place; the stored parameters still name cs.dev.
  Anchor anchor = own.publisher.internal_anchor();
  anchor.sources = {{"http://other/internalconf", anchor.sources[0].verification_certificates}};
  write_anchor_file(anchor);
  ASSERT_TRUE(testing::run_task(client().run_cycle(kStart)));
  EXPECT_EQ(fetcher.requests.at(0), "https://cs.dev/internalconf?version=6");
  EXPECT_EQ(fetcher.requests.at(1), "http://cs.dev/internalconf?version=6");
}

TEST_F(Client, TakesTheNewestVersionThatIsServed) {
  Site site("DEV", "cs.dev", kOldestVersion);
  ASSERT_TRUE(site.publisher.publish(sample_instance("DEV"), kStart));
  fetcher.add(site);
  for (const int newest : {6, 5, 4, 3, 2}) {
    if (newest < 6) std::filesystem::remove(site.docroot.path() / ("V" + std::to_string(newest + 1)) / "internalconf");
    std::filesystem::remove_all(folder.path() / "globalconf");
    auto report = testing::run_task(client().run_cycle(kStart));
    ASSERT_TRUE(report) << report.error().text;
    EXPECT_EQ(report->own.version, newest);
    auto view = load_view((folder.path() / "globalconf").string());
    ASSERT_TRUE(view);
    // SHA-1 in version 2, else SHA-256: found all the same.
    ASSERT_NE((*view)->server_by_auth_certificate(sample_pki().first_auth), nullptr) << newest;
  }
}

TEST_F(Client, AServerErrorIsNotAMissingVersion) {
  fetcher.intercept = [](const std::string& url) -> std::optional<Result<FetchedDocument>> {
    if (url.find("version=6") == std::string::npos) return std::nullopt;
    return Result<FetchedDocument>(FetchedDocument{503, {}});
  };
  auto report = testing::run_task(client().run_cycle(kStart));
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, kConnectionFailure);
  EXPECT_EQ(exit_code_of(report.error()), ClientExitCode::cannot_download);
}

TEST_F(Client, GoesOnToTheNextSourceWhenOneLies) {
  // The first address serves a part that is not the signed one.
  Anchor anchor = own.publisher.internal_anchor();
  anchor.sources.insert(anchor.sources.begin(),
                        {"http://liar/internalconf", anchor.sources[0].verification_certificates});
  write_anchor_file(anchor);
  fetcher.intercept = [this](const std::string& url) -> std::optional<Result<FetchedDocument>> {
    if (!url.starts_with("http://liar/")) return std::nullopt;
    if (url.find("shared-params") != std::string::npos)
      return Result<FetchedDocument>(FetchedDocument{200, to_bytes("<forged/>")});
    auto content =
        read_file(own.docroot.path() / (url.find("private") != std::string::npos ? url.substr(12) : "V6/internalconf"));
    return Result<FetchedDocument>(FetchedDocument{content ? 200 : 404, content ? to_bytes(*content) : Bytes{}});
  };
  for (int i = 0; i < 4; ++i) {  // whatever the order of the addresses
    std::filesystem::remove_all(folder.path() / "globalconf");
    auto report = testing::run_task(client().run_cycle(kStart));
    ASSERT_TRUE(report) << report.error().text;
    EXPECT_EQ(stored("DEV/shared-params.xml").find("forged"), std::string::npos);
  }
}

// Of many addresses some are always out of reach; that hides no trouble with what the others give.
TEST_F(Client, AFaultOfASourceThatAnsweredCounts) {
  Anchor anchor = own.publisher.internal_anchor();
  const auto certificates = anchor.sources[0].verification_certificates;
  anchor.sources = {{"http://down/internalconf", certificates},
                    {"http://cs.dev/internalconf", certificates},
                    {"http://gone/internalconf", certificates}};
  write_anchor_file(anchor);
  for (int i = 0; i < 4; ++i) {  // whatever the order of the addresses
    auto report = testing::run_task(client().run_cycle(kStart + std::chrono::hours(1)));
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, kOutdated) << report.error().text;
    for (const char* host : {"http://down/", "http://cs.dev/", "http://gone/"})
      EXPECT_NE(report.error().text.find(host), std::string::npos) << report.error().text;
  }
}

TEST_F(Client, AFailedCycleLeavesWhatIsStored) {
  auto conf = client();
  ASSERT_TRUE(testing::run_task(conf.run_cycle(kStart)));
  const std::string before = stored("DEV/shared-params.xml.metadata");
  fetcher.intercept = [](const std::string& url) -> std::optional<Result<FetchedDocument>> {
    return Result<FetchedDocument>(Fault{"network_error", "down: " + url});
  };
  auto report = testing::run_task(conf.run_cycle(kStart));
  ASSERT_FALSE(report);
  EXPECT_EQ(exit_code_of(report.error()), ClientExitCode::cannot_download);
  EXPECT_EQ(stored("DEV/shared-params.xml.metadata"), before);
  fetcher.intercept = nullptr;
  EXPECT_TRUE(testing::run_task(conf.run_cycle(kStart)));
}

TEST_F(Client, FaultsHaveTheirExitCodes) {
  const auto code = [&](TimePoint at = kStart) {
    auto report = testing::run_task(client().run_cycle(at));
    return report ? ClientExitCode::ok : exit_code_of(report.error());
  };
  EXPECT_EQ(code(), ClientExitCode::ok);
  EXPECT_EQ(code(kStart + std::chrono::seconds(601)), ClientExitCode::expired);
  Anchor anchor = own.publisher.internal_anchor();
  std::filesystem::remove_all(folder.path() / "globalconf");  // its sources are tried before the anchor
  for (AnchorSource& source : anchor.sources) source.verification_certificates = {sample_pki().ca.der()};
  write_anchor_file(anchor);
  EXPECT_EQ(code(), ClientExitCode::invalid_signature);
  anchor.sources = {{"http://nowhere/internalconf", {sample_pki().ca.der()}}};
  write_anchor_file(anchor);
  EXPECT_EQ(code(), ClientExitCode::unknown_host);
  ASSERT_TRUE(write_file_atomically(folder.path() / "anchor.xml", "<anchor/>"));
  EXPECT_EQ(code(), ClientExitCode::anchor_malformed);
  std::filesystem::remove(folder.path() / "anchor.xml");
  EXPECT_EQ(code(), ClientExitCode::anchor_missing);
}

TEST_F(Client, PartnersAreDownloadedWhenAllowedAndDeletedWhenNoLongerAnchored) {
  publish_own({partner.publisher.external_anchor()});
  auto none = testing::run_task(client("none").run_cycle(kStart));
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->federated.empty());
  EXPECT_FALSE(has("FED"));

  auto some = testing::run_task(client("other , fed").run_cycle(kStart));
  ASSERT_TRUE(some);
  ASSERT_EQ(some->federated.size(), 1U);
  EXPECT_FALSE(some->federated[0].fault) << some->federated[0].fault->text;
  EXPECT_TRUE(has("FED/shared-params.xml"));
  EXPECT_FALSE(has("FED/private-params.xml"));
  auto view = load_view((folder.path() / "globalconf").string());
  ASSERT_TRUE(view);
  EXPECT_EQ((*view)->instances(), (std::vector<std::string>{"DEV", "FED"}));

  publish_own({}, kStart + std::chrono::seconds(1));
  auto gone = testing::run_task(client("all").run_cycle(kStart));
  ASSERT_TRUE(gone);
  EXPECT_EQ(gone->deleted, std::vector<std::string>{"FED"});
  EXPECT_FALSE(has("FED"));
}

TEST_F(Client, AFailingPartnerDoesNotStopTheOwnConfiguration) {
  Anchor anchor = partner.publisher.external_anchor();
  anchor.sources = {{"http://nowhere/externalconf", anchor.sources[0].verification_certificates}};
  publish_own({anchor});
  auto report = testing::run_task(client().run_cycle(kStart));
  ASSERT_TRUE(report);
  ASSERT_EQ(report->federated.size(), 1U);
  EXPECT_EQ(report->federated[0].fault->code, "unknown_host");
}

TEST_F(Client, APartnerYieldsOnlyItsOwnSharedParameters) {
  // The partner's anchor leads to a source that signs parts of our own instance, too.
  SignedDirectory directory{kStart + std::chrono::seconds(600), "6", {}};
  const auto add = [&](const std::string& identifier, const std::string& instance, const std::string& file) {
    const auto text = *read_file(own.docroot.path() / file);
    directory.parts.push_back({identifier,
                               instance,
                               "http://cs.dev/" + file,
                               {},
                               pki::DigestAlgorithm::sha512,
                               pki::digest(pki::DigestAlgorithm::sha512, as_bytes(text))});
  };
  ASSERT_TRUE(write_file_atomically(own.docroot.path() / "forged.xml", "<forged/>"));
  add("SHARED-PARAMETERS", "DEV", "forged.xml");
  add("PRIVATE-PARAMETERS", "FED", "forged.xml");
  add("MONITORING", "DEV", "forged.xml");
  const std::string forged = *sign_directory(directory, sample_pki().external().active);
  fetcher.intercept = [&](const std::string& url) -> std::optional<Result<FetchedDocument>> {
    if (url.find("cs.fed/externalconf") == std::string::npos) return std::nullopt;
    return Result<FetchedDocument>(FetchedDocument{200, to_bytes(forged)});
  };
  publish_own({partner.publisher.external_anchor()});
  auto report = testing::run_task(client().run_cycle(kStart));
  ASSERT_TRUE(report);
  ASSERT_TRUE(report->federated.at(0).fault);
  EXPECT_EQ(report->federated[0].fault->code, kInvalidInstanceIdentifier);
  EXPECT_EQ(stored("DEV/shared-params.xml").find("forged"), std::string::npos);
  EXPECT_FALSE(has("FED/private-params.xml"));
}

TEST_F(Client, APartCannotTakeTheNameOfAnotherOrLeaveItsFolder) {
  for (const char* location :
       {"/x/shared-params.xml", "/x/..", "/x/", "/x/private-params.xml", "/x/a.metadata", "/x/same.xml"}) {
    const auto text = *read_file(own.docroot.path() / "V6/internalconf");
    auto original = open_signed_directory(text, std::vector<Bytes>{sample_pki().internal_certificate.der()}, kStart);
    ASSERT_TRUE(original);
    DirectoryPart extra = original->parts[0];
    extra.content_identifier = "EXTRA";
    extra.location = location;
    original->parts.push_back(extra);
    if (extra.location.ends_with("same.xml")) original->parts.push_back(extra);
    const std::string changed = *sign_directory(*original, sample_pki().internal().active);
    fetcher.intercept = [&](const std::string& url) -> std::optional<Result<FetchedDocument>> {
      if (url.find("internalconf") == std::string::npos) return std::nullopt;
      return Result<FetchedDocument>(FetchedDocument{200, to_bytes(changed)});
    };
    auto report = testing::run_task(client().run_cycle(kStart));
    ASSERT_FALSE(report) << location;
    EXPECT_EQ(report.error().code, kHeaderFieldWrongValue) << location;
  }
}

TEST_F(Client, PartsThatDoNotHoldToTheDeclaredVersionAreRefused) {
  const auto text = *read_file(own.docroot.path() / "V6/internalconf");
  auto original = open_signed_directory(text, std::vector<Bytes>{sample_pki().internal_certificate.der()}, kStart);
  for (const char* version : {"5", "7", "six"}) {
    original->version = version;
    const std::string changed = *sign_directory(*original, sample_pki().internal().active);
    fetcher.intercept = [&](const std::string& url) -> std::optional<Result<FetchedDocument>> {
      if (url.find("internalconf") == std::string::npos) return std::nullopt;
      return Result<FetchedDocument>(FetchedDocument{200, to_bytes(changed)});
    };
    EXPECT_FALSE(testing::run_task(client().run_cycle(kStart))) << version;
  }
}

TEST_F(Client, ADamagedStoredFileIsReplaced) {
  ASSERT_TRUE(testing::run_task(client().run_cycle(kStart)));
  ASSERT_TRUE(write_file_atomically(folder.path() / "globalconf/DEV/shared-params.xml", "damaged"));
  std::filesystem::remove(folder.path() / "globalconf/DEV/private-params.xml.metadata");
  ASSERT_TRUE(testing::run_task(client().run_cycle(kStart)));
  auto view = load_view((folder.path() / "globalconf").string());
  ASSERT_TRUE(view) << view.error().text;
  EXPECT_TRUE((*view)->check_valid(kStart));
}

TEST_F(Client, FilesThatAreNoLongerPartsAreDeleted) {
  ASSERT_TRUE(testing::run_task(client().run_cycle(kStart)));
  ASSERT_TRUE(has("DEV/monitoring-params.xml"));
  auto description = sample_instance("DEV");
  description.monitoring_client.reset();
  ASSERT_TRUE(own.publisher.publish(description, kStart + std::chrono::seconds(1)));
  ASSERT_TRUE(testing::run_task(client().run_cycle(kStart)));
  EXPECT_FALSE(has("DEV/monitoring-params.xml"));
  EXPECT_FALSE(has("DEV/monitoring-params.xml.metadata"));
}

TEST_F(Client, AnAnchorIsTriedOutWithoutStoring) {
  auto conf = client();
  auto internal = testing::run_task(conf.validate(own.publisher.internal_anchor(), AnchorUse::internal_source, kStart));
  ASSERT_TRUE(internal) << internal.error().text;
  EXPECT_TRUE(testing::run_task(conf.validate(own.publisher.external_anchor(), AnchorUse::external_source, kStart)));
  auto wrong = testing::run_task(conf.validate(own.publisher.external_anchor(), AnchorUse::internal_source, kStart));
  EXPECT_EQ(exit_code_of(wrong.error()), ClientExitCode::missing_private_parameters);
  wrong = testing::run_task(conf.validate(own.publisher.internal_anchor(), AnchorUse::external_source, kStart));
  EXPECT_EQ(exit_code_of(wrong.error()), ClientExitCode::anchor_not_for_external_source);
  EXPECT_FALSE(has("DEV"));
}

TEST_F(Client, TheHolderFollowsTheFiles) {
  ViewHolder holder(folder.path() / "globalconf");
  EXPECT_FALSE(holder.refresh());
  EXPECT_FALSE(holder.current()->check_valid(kStart));
  EXPECT_EQ(holder.version(), 0U);

  auto conf = client();
  ASSERT_TRUE(testing::run_task(conf.run_cycle(kStart)));
  ASSERT_TRUE(*holder.refresh());
  EXPECT_TRUE(holder.current()->check_valid(kStart));
  EXPECT_FALSE(*holder.refresh());
  const auto first = holder.current();
  EXPECT_EQ(holder.version(), 1U);
  EXPECT_EQ(holder.instances_opened(), 1U);
  EXPECT_TRUE(has("DEV/shared-params.xml.image")) << "what was checked need not be read again";

  // Only the expiry moves: what was read is taken over.
  publish_own({}, kStart + std::chrono::seconds(60), "Agency");
  ASSERT_TRUE(testing::run_task(conf.run_cycle(kStart)));
  ASSERT_TRUE(*holder.refresh());
  EXPECT_EQ(holder.current()->settings("DEV"), first->settings("DEV"));
  EXPECT_TRUE(holder.current()->check_valid(kStart + std::chrono::seconds(650)));
  EXPECT_FALSE(first->check_valid(kStart + std::chrono::seconds(650)));
  EXPECT_EQ(holder.instances_opened(), 1U);

  // A broken file leaves the old view in force.
  ASSERT_TRUE(write_file_atomically(folder.path() / "globalconf/DEV/shared-params.xml", "damaged"));
  EXPECT_FALSE(holder.refresh());
  EXPECT_NE(holder.current()->settings("DEV"), nullptr);
  EXPECT_EQ(holder.version(), 2U);
}

TEST_F(Client, AnExpiredPartnerDisappearsFromTheView) {
  publish_own({partner.publisher.external_anchor()}, kStart);
  ASSERT_TRUE(testing::run_task(client().run_cycle(kStart)));
  ViewHolder holder(folder.path() / "globalconf");
  ASSERT_TRUE(*holder.refresh(kStart));
  EXPECT_TRUE(holder.current()->has_instance("FED"));
  ASSERT_TRUE(*holder.refresh(kStart + std::chrono::seconds(601)));
  EXPECT_FALSE(holder.current()->has_instance("FED"));
  EXPECT_TRUE(holder.current()->has_instance("DEV"));
}

TEST(FederationFilter, ReadsTheSystemParameter) {
  struct Case {
    const char* allowed;
    const char* instance;
    bool allows;
  };
  const Case cases[] = {
      {"", "A", false},         {"none", "A", false},        {"A", "A", true},     {"a, b", "B", true},
      {"a,b", "C", false},      {"ALL", "X", true},          {"a,all", "X", true}, {"all,None", "X", false},
      {"a , none", "a", false}, {"all-of-them", "X", false}, {" a ", "a", true},
  };
  for (const Case& c : cases) EXPECT_EQ(FederationFilter(c.allowed).allows(c.instance), c.allows) << c.allowed;
}

TEST(DownloadLocations, ResolvesWhereAPartIs) {
  struct Case {
    const char* base;
    const char* reference;
    const char* resolved;
  };
  const Case cases[] = {
      {"http://h/internalconf?version=6", "/V6/1/a.xml", "http://h/V6/1/a.xml"},
      {"https://h:8443/P/conf?version=6", "x/a.xml", "https://h:8443/P/x/a.xml"},
      {"http://h", "a.xml", "http://h/a.xml"},
      {"http://h/d", "http://other/a.xml", "http://other/a.xml"},
      {"https://h/d", "//other/a.xml", "https://other/a.xml"},
      {"http://h/d", "ftp://other/a.xml", ""},
      {"http://h/d", "file:/etc/passwd", ""},
      {"http://h/d", "/a b", ""},
      {"http://h/d", "/a\r\nX: y", ""},
      {"http://h/d", "", ""},
  };
  for (const Case& c : cases)
    EXPECT_EQ(resolve_location(c.base, c.reference).value_or(""), c.resolved) << c.base << " " << c.reference;
  EXPECT_TRUE(has_version("http://h/d?version=6"));
  EXPECT_TRUE(has_version("http://h/d?a=b&version=6"));
  EXPECT_FALSE(has_version("http://h/d?myversion=6"));
  EXPECT_FALSE(has_version("http://h/version=6"));
  EXPECT_EQ(with_version("http://h/d?a=b", 5), "http://h/d?a=b&version=5");
}

TEST(DownloadLocations, AnAnchorWithOnlyHttpsAddressesIsUsed) {
  const Anchor anchor{{}, "DEV", {{"https://h/internalconf", {}}}};
  const auto locations = download_locations(anchor, {}, [](std::span<DownloadLocation>) {});
  ASSERT_EQ(locations.size(), 1U);
  EXPECT_EQ(locations[0].url, "https://h/internalconf");
}

TEST(DownloadLocations, TheCertificatesFitTheKindOfSource) {
  const ConfigurationSource source{"cs", {to_bytes("i")}, {to_bytes("e")}};
  const auto certificates = [&](const std::string& url) {
    const Anchor anchor{{}, "DEV", {{url, {}}}};
    std::string all;
    const auto locations = download_locations(anchor, std::span(&source, 1), [](auto) {});
    for (const Bytes& bytes : locations.at(0).verification_certificates) all += to_text(bytes);
    return all;
  };
  EXPECT_EQ(certificates("http://x/internalconf"), "i");
  EXPECT_EQ(certificates("http://x/externalconf"), "e");
  EXPECT_EQ(certificates("http://x/PROXY/conf"), "ie");
}

}  // namespace
}  // namespace causeway::globalconf
