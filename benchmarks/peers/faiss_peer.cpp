// FAISS (IndexHNSWFlat), spoken to as README.md says. g++ -O3 -march=native -std=c++20 -fopenmp, and a FAISS built for this CPU.
#include <memory>
#include <omp.h>
#include <faiss/IndexHNSW.h>
#include <faiss/index_io.h>
#include "peer.hpp"

struct Faiss {
    const Rows &base, &queries;
    const int m, efc, threads;
    std::string name = "FAISS " + std::to_string(FAISS_VERSION_MAJOR) + "." + std::to_string(FAISS_VERSION_MINOR) + " C++";
    std::unique_ptr<faiss::Index> index;
    std::vector<float> distances = std::vector<float>(queries.count * K);
    std::vector<faiss::idx_t> found = std::vector<faiss::idx_t>(queries.count * K);

    faiss::IndexHNSW& graph() { return *static_cast<faiss::IndexHNSW*>(index.get()); }
    void build() {
        omp_set_num_threads(threads);
        index.reset(new faiss::IndexHNSWFlat(base.width, m, faiss::METRIC_INNER_PRODUCT));
        graph().hnsw.efConstruction = efc;
        index->add(base.count, base.values.data());
    }
    void save(const std::string& file) { faiss::write_index(index.get(), file.c_str()); }
    void drop() { index.reset(); }
    void load(const std::string& file) { index.reset(faiss::read_index(file.c_str())); }
    void ready(const std::string&) {}
    void set(int ef, int threads) { graph().hnsw.efSearch = ef; omp_set_num_threads(threads); }
    void one(size_t query, int32_t* out) { search(query, 1, out); }
    void all(int32_t* out) { search(0, queries.count, out); }
    double evaluations() {
        faiss::hnsw_stats.reset();
        search(0, queries.count, nullptr);
        return double(faiss::hnsw_stats.ndis);
    }
    void search(size_t first, size_t count, int32_t* out) {
        index->search(count, queries.at(first), K, distances.data(), found.data());
        for (size_t i = 0; out && i < count * K; i++) out[i] = int32_t(found[i]);
    }
};

int main(int count, char** arguments) { return run<Faiss>(count, arguments); }
