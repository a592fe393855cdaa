// SPDX-License-Identifier: MIT
#include "bench/markdown_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.hpp"
#include "bench/exchange_model.hpp"
#include "support/temporary_directory.hpp"
#include "xml/document.hpp"

namespace causeway::bench {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Goal goal_of(double median) {
  return {.number = "1",
          .measure = "T/U & more",
          .unit = "",
          .must = 0.35,
          .goal = 0.6,
          .better = Better::more,
          .rounds = {median}};
}

Report sample() {
  return {
      .machine = {.cpu = "a CPU", .cores = 2, .kernel = "Linux 6", .openssl = "OpenSSL 3", .nginx = "", .memory_gb = 8},
      .conditions = "5 rounds",
      .goals = {goal_of(0.4)},
      .tables = {{.title = "Throughput",
                  .columns = {"measure", "requests/s"},
                  .rows = {{std::string("direct"), 16571.0}}}},
      .charts = {
          {.name = "plot", .title = "A <plot>", .bars = {{.label = "a & b", .value = 3}, {.label = "c", .value = 1}}}}};
}

TEST(MarkdownReport, HasMachineGoalsTablesAndPlots) {
  const std::string text = to_markdown(sample(), "2026-03-01");
  EXPECT_THAT(text, HasSubstr("on 2026-03-01."));
  EXPECT_THAT(text, HasSubstr("Machine: 2 cores, a CPU"));
  EXPECT_THAT(text, HasSubstr("| 1 | T/U & more | 0.400 | 0.400 | 0.350 | 0.600 |  | must met |"));
  EXPECT_THAT(text, HasSubstr("## Throughput\n\n| measure | requests/s |\n|---|---:|\n| direct | 16571 |\n"));
  EXPECT_THAT(text, HasSubstr("(plot.svg)"));
  EXPECT_THAT(text, HasSubstr("(performance-goals.svg)"));
  EXPECT_THAT(text, Not(HasSubstr("Failed")));
}

TEST(MarkdownReport, WritesEveryFileItNames) {
  const testing::TemporaryDirectory directory;
  const auto written = write_report(sample(), directory.path());
  ASSERT_TRUE(written) << written.error().text;
  for (const std::string name : {"plot.svg", "performance-goals.svg"}) {
    const auto svg = read_file(directory / name);
    ASSERT_TRUE(svg) << svg.error().text;
    EXPECT_TRUE(xml::Document::parse(*svg)) << *svg;
  }
  EXPECT_TRUE(read_file(directory / "performance.md"));
}

TEST(Chart, TheLongestBarIsTheLargestValue) {
  const std::string svg = to_svg(sample().charts.front());
  EXPECT_THAT(svg, HasSubstr("a &amp; b"));
  EXPECT_THAT(svg, HasSubstr("A &lt;plot&gt;"));
  EXPECT_THAT(svg, HasSubstr("width=\"420.0\""));
  EXPECT_THAT(svg, HasSubstr("width=\"140.0\""));
}

TEST(Chart, NothingAndZeroAreDrawn) {
  EXPECT_THAT(to_svg({.name = "x", .title = "nothing"}), HasSubstr("</svg>"));
  for (const bool logarithmic : {false, true}) {
    const Chart chart{.name = "x", .title = "zero", .bars = {{.label = "0", .value = 0}}, .logarithmic = logarithmic};
    EXPECT_THAT(to_svg(chart), HasSubstr("width=\"0.0\""));
  }
}

TEST(ExchangeModel, SharesTheCostOfASignatureAmongItsMessages) {
  const CryptoCost crypto{.sign = 200e-6, .verify = 20e-6};
  const PrimitiveCosts primitives{.sha512_kb = 2e-6, .aes_gcm_kb = 0.5e-6, .flush_cpu = 30e-6, .flush_time = 100e-6};
  const MeasuredExchange measured{.signers = {50e-6, 10e-6},
                                  .proxies = {400e-6, 100e-6},
                                  .others = {1e-6, 0},
                                  .messages_per_signature = 10,
                                  .records_per_flush = 8,
                                  .unsigned_hops = {40e-6, 30e-6}};
  const Table model = exchange_model("a test", crypto, primitives, measured);
  EXPECT_NEAR(std::get<double>(model.rows.front()[1]), 40, 1e-6);
  EXPECT_NEAR(std::get<double>(model.rows.front()[2]), 60, 1e-6);
  // 40 to sign; 4 to verify, 16 to hash, 20 to encrypt, 40 of HTTP; 15 to flush, 30 of TCP.
  EXPECT_NEAR(std::get<double>(model.rows.back()[1]), 165, 1e-6);
  EXPECT_NEAR(std::get<double>(model.rows.back()[2]), 561, 1e-6);
  EXPECT_EQ(exchange_chart(model).bars.size(), 10U);
}

TEST(PrimitiveCosts, AreMeasured) {
  const testing::TemporaryDirectory directory;
  const auto costs = measure_primitives(directory.path());
  ASSERT_TRUE(costs) << costs.error().text;
  EXPECT_GT(costs->sha512_kb, 0);
  EXPECT_GT(costs->aes_gcm_kb, 0);
  EXPECT_GT(costs->flush_cpu, 0);
  EXPECT_GE(costs->flush_time, 0);
  EXPECT_TRUE(std::filesystem::is_empty(directory.path()));
}

}  // namespace
}  // namespace causeway::bench
