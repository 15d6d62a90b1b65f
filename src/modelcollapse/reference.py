"""Citations: one record per source, with how well the statement taken from it is known."""

from __future__ import annotations

from modelcollapse.citation import Basis as Basis
from modelcollapse.citation import Reference as Reference

ABSTRACT_ALONE = "its abstract alone was read, formulas are derived here"

SURESH_2024 = Reference(
    key="suresh_2024",
    authors="Suresh, Thangaraj, Khandavally",
    title="Rate of Model Collapse in Recursive Training",
    kind="inproceedings",
    venue="AISTATS",
    booktitle="International Conference on Artificial Intelligence and Statistics (AISTATS)",
    series="Proceedings of Machine Learning Research",
    volume="258",
    pages="1396-1404",
    year=2025,
    url="https://arxiv.org/abs/2412.17646",
    full_authors="Suresh, Ananda Theertha and Thangaraj, Andrew and Khandavally, Aditya Nanda Kishore",
)

MODELCOLLAPSE = Reference(
    key="modelcollapse",
    authors="The modelcollapse developers",
    title="Exact laws of recursive training",
    venue="Documentation of modelcollapse",
    year=2026,
    full_authors="{The modelcollapse developers}",
)

MOHLE_1999 = Reference(
    key="mohle_1999",
    authors="Möhle",
    title="The concept of duality and applications to Markov processes arising in neutral population genetics models",
    kind="article",
    venue="Bernoulli",
    volume="5",
    pages="761-777",
    year=1999,
    url="https://doi.org/10.2307/3318443",
    full_authors="Möhle, Martin",
)

DE_BOOR_SWARTZ_1973 = Reference(
    key="de_boor_swartz_1973",
    authors="de Boor, Swartz",
    title="Collocation at Gaussian points",
    kind="article",
    venue="SIAM Journal on Numerical Analysis",
    volume="10",
    pages="582-606",
    year=1973,
    url="https://doi.org/10.1137/0710052",
    full_authors="de Boor, Carl and Swartz, Blair",
)

SEDDIK_2024 = Reference(
    key="seddik_2024",
    authors="Seddik, Chen, Hayou, Youssef, Debbah",
    title="How Bad is Training on Synthetic Data? A Statistical Analysis of Language Model Collapse",
    kind="inproceedings",
    venue="COLM",
    booktitle="Conference on Language Modeling (COLM)",
    year=2024,
    url="https://arxiv.org/abs/2404.05090",
    full_authors="Seddik, Mohamed El Amine and Chen, Suei-Wen and Hayou, Soufiane and Youssef, Pierre and Debbah, "
    "Merouane",
)

BERTRAND_2024 = Reference(
    key="bertrand_2024",
    authors="Bertrand, Bose, Duplessis, Jiralerspong, Gidel",
    title="On the Stability of Iterative Retraining of Generative Models on their own Data",
    kind="inproceedings",
    venue="ICLR",
    booktitle="International Conference on Learning Representations (ICLR)",
    year=2024,
    url="https://arxiv.org/abs/2310.00429",
    full_authors="Bertrand, Quentin and Bose, Avishek Joey and Duplessis, Alexandre and Jiralerspong, Marco and Gidel, "
    "Gauthier",
)

SHUMAILOV_2024 = Reference(
    key="shumailov_2024",
    authors="Shumailov, Shumaylov, Zhao, Papernot, Anderson, Gal",
    title="AI models collapse when trained on recursively generated data",
    kind="article",
    venue="Nature",
    volume="631",
    pages="755-759",
    year=2024,
    url="https://doi.org/10.1038/s41586-024-07566-y",
    full_authors="Shumailov, Ilia and Shumaylov, Zakhar and Zhao, Yiren and Papernot, Nicolas and Anderson, Ross and "
    "Gal, Yarin",
)

KIMURA_1955 = Reference(
    key="kimura_1955",
    authors="Kimura",
    title="Solution of a process of random genetic drift with a continuous model",
    kind="article",
    venue="Proceedings of the National Academy of Sciences",
    volume="41",
    pages="144-150",
    year=1955,
    url="https://doi.org/10.1073/pnas.41.3.144",
    full_authors="Kimura, Motoo",
)

KIMURA_1964 = Reference(
    key="kimura_1964",
    authors="Kimura",
    title="Diffusion models in population genetics",
    kind="article",
    venue="Journal of Applied Probability",
    volume="1",
    pages="177-232",
    year=1964,
    url="https://doi.org/10.2307/3211856",
    full_authors="Kimura, Motoo",
)

LITTLER_1975 = Reference(
    key="littler_1975",
    authors="Littler",
    title="Loss of variability at one locus in a finite population",
    kind="article",
    venue="Mathematical Biosciences",
    volume="25",
    pages="151-163",
    year=1975,
    url="https://doi.org/10.1016/0025-5564(75)90058-9",
    full_authors="Littler, R. A.",
)

EWENS_1972 = Reference(
    key="ewens_1972",
    authors="Ewens",
    title="The sampling theory of selectively neutral alleles",
    kind="article",
    venue="Theoretical Population Biology",
    volume="3",
    pages="87-112",
    year=1972,
    url="https://doi.org/10.1016/0040-5809(72)90035-4",
    full_authors="Ewens, Warren J.",
)

EWENS_2004 = Reference(
    key="ewens_2004",
    authors="Ewens",
    title="Mathematical Population Genetics",
    kind="book",
    venue="Springer, 2nd edition",
    publisher="Springer",
    edition="Second",
    year=2004,
    url="https://doi.org/10.1007/978-0-387-21822-9",
    full_authors="Ewens, Warren J.",
)

FIRST_EXTINCTION_2025 = Reference(
    key="first_extinction_2025",
    authors="Benati, Londei, Lanzieri, Loreto",
    title="First-Extinction Law for Resampling Processes",
    venue="arXiv",
    note=ABSTRACT_ALONE,
    year=2025,
    url="https://arxiv.org/abs/2509.20101",
    full_authors="Benati, Matteo and Londei, Alessandro and Lanzieri, Denise and Loreto, Vittorio",
)

GOOD_1953 = Reference(
    key="good_1953",
    authors="Good",
    title="The population frequencies of species and the estimation of population parameters",
    kind="article",
    venue="Biometrika",
    volume="40",
    pages="237-264",
    year=1953,
    url="https://doi.org/10.1093/biomet/40.3-4.237",
    full_authors="Good, I. J.",
)

GERSTGRASSER_2024 = Reference(
    key="gerstgrasser_2024",
    authors="Gerstgrasser, Schaeffer, Dey, Rafailov, Sleight, Hughes, Korbak, Agrawal, Pai, Gromov, Roberts, Yang, "
    "Donoho, Koyejo",
    title="Is Model Collapse Inevitable? Breaking the Curse of Recursion by Accumulating Real and Synthetic Data",
    kind="inproceedings",
    venue="COLM",
    booktitle="Conference on Language Modeling (COLM)",
    year=2024,
    url="https://arxiv.org/abs/2404.01413",
    full_authors="Gerstgrasser, Matthias and Schaeffer, Rylan and Dey, Apratim and Rafailov, Rafael and Sleight, "
    "Henry and Hughes, John and Korbak, Tomasz and Agrawal, Rajashree and Pai, Dhruv and Gromov, Andrey "
    "and Roberts, Daniel A. and Yang, Diyi and Donoho, David L. and Koyejo, Sanmi",
)

DOHMATOB_2024 = Reference(
    key="dohmatob_2024",
    authors="Dohmatob, Feng, Kempe",
    title="Model Collapse Demystified: The Case of Regression",
    kind="inproceedings",
    venue="NeurIPS",
    booktitle="Advances in Neural Information Processing Systems (NeurIPS)",
    note=ABSTRACT_ALONE,
    year=2024,
    url="https://arxiv.org/abs/2402.07712",
    full_authors="Dohmatob, Elvis and Feng, Yunzhen and Kempe, Julia",
)

WANG_NIU_LI_2026 = Reference(
    key="wang_niu_li_2026",
    authors="Wang, Niu, Li",
    title="Can Generative Artificial Intelligence Survive Data Contamination? Theoretical Guarantees under "
    "Contaminated Recursive Training",
    venue="arXiv",
    note=ABSTRACT_ALONE,
    year=2026,
    url="https://arxiv.org/abs/2602.16065",
    full_authors="Wang, Kevin and Niu, Hongqian and Li, Didong",
)

DEY_DONOHO_2024 = Reference(
    key="dey_donoho_2024",
    authors="Dey, Donoho",
    title="Universality of the pi^2/6 Pathway in Avoiding Model Collapse",
    venue="arXiv",
    note=ABSTRACT_ALONE,
    year=2024,
    url="https://arxiv.org/abs/2410.22812",
    full_authors="Dey, Apratim and Donoho, David",
)

KAZDAN_2024 = Reference(
    key="kazdan_2024",
    authors="Kazdan, Schaeffer, Dey, Gerstgrasser, Rafailov, Donoho, Koyejo",
    title="Collapse or Thrive: Perils and Promises of Synthetic Data in a Self-Generating World",
    kind="inproceedings",
    venue="ICML, PMLR 267, 29469-29494",
    booktitle="International Conference on Machine Learning (ICML)",
    series="Proceedings of Machine Learning Research",
    volume="267",
    pages="29469-29494",
    year=2025,
    url="https://arxiv.org/abs/2410.16713",
    full_authors="Kazdan, Joshua and Schaeffer, Rylan and Dey, Apratim and Gerstgrasser, Matthias and Rafailov, "
    "Rafael and Donoho, David L. and Koyejo, Sanmi",
)

ALEMOHAMMAD_2024 = Reference(
    key="alemohammad_2024",
    authors="Alemohammad, Casco-Rodriguez, Luzi, Humayun, Babaei, LeJeune, Siahkoohi, Baraniuk",
    title="Self-Consuming Generative Models Go MAD",
    kind="inproceedings",
    venue="ICLR",
    booktitle="International Conference on Learning Representations (ICLR)",
    year=2024,
    url="https://arxiv.org/abs/2307.01850",
    full_authors="Alemohammad, Sina and Casco-Rodriguez, Josue and Luzi, Lorenzo and Humayun, Ahmed Imtiaz and Babaei, "
    "Hossein and LeJeune, Daniel and Siahkoohi, Ali and Baraniuk, Richard G.",
)

HE_XU_CHENG_2025 = Reference(
    key="he_xu_cheng_2025",
    authors="He, Xu, Cheng",
    title="Recursive learning without collapse: a weighting-based stabilization framework",
    kind="article",
    venue="Journal of the Royal Statistical Society, Series B",
    note=ABSTRACT_ALONE,
    year=2026,
    url="https://arxiv.org/abs/2502.18049",
    full_authors="He, Hengzhi and Xu, Shirong and Cheng, Guang",
)

XU_HE_CHENG_2025 = Reference(
    key="xu_he_cheng_2025",
    authors="Xu, He, Cheng",
    title="A Probabilistic Perspective on Model Collapse",
    venue="arXiv",
    note=ABSTRACT_ALONE,
    year=2025,
    url="https://arxiv.org/abs/2505.13947",
    full_authors="Xu, Shirong and He, Hengzhi and Cheng, Guang",
)

KANABAR_GASTPAR_2025 = Reference(
    key="kanabar_gastpar_2025",
    authors="Kanabar, Gastpar",
    title="Model Non-Collapse: Minimax Bounds for Recursive Discrete Distribution Estimation",
    kind="article",
    venue="IEEE Transactions on Information Theory",
    volume="72",
    pages="1817-1830",
    note="abstract read, formulas derived here",
    year=2026,
    url="https://arxiv.org/abs/2501.19273",
    full_authors="Kanabar, Millen and Gastpar, Michael",
)

CHAO_1984 = Reference(
    key="chao_1984",
    authors="Chao",
    title="Nonparametric estimation of the number of classes in a population",
    kind="article",
    venue="Scandinavian Journal of Statistics",
    volume="11",
    pages="265-270",
    year=1984,
    url="https://www.jstor.org/stable/4615964",
    full_authors="Chao, Anne",
)

CHAO_1987 = Reference(
    key="chao_1987",
    authors="Chao",
    title="Estimating the population size for capture-recapture data with unequal catchability",
    kind="article",
    venue="Biometrics",
    volume="43",
    pages="783-791",
    year=1987,
    url="https://doi.org/10.2307/2531532",
    full_authors="Chao, Anne",
)

ESTY_1983 = Reference(
    key="esty_1983",
    authors="Esty",
    title="A normal limit law for a nonparametric estimator of the coverage of a random sample",
    kind="article",
    venue="Annals of Statistics",
    volume="11",
    pages="905-912",
    year=1983,
    url="https://doi.org/10.1214/aos/1176346256",
    full_authors="Esty, Warren W.",
)

NEI_TAJIMA_1981 = Reference(
    key="nei_tajima_1981",
    authors="Nei, Tajima",
    title="Genetic drift and estimation of effective population size",
    kind="article",
    venue="Genetics",
    volume="98",
    pages="625-640",
    year=1981,
    url="https://doi.org/10.1093/genetics/98.3.625",
    full_authors="Nei, Masatoshi and Tajima, Fumio",
)

WAPLES_1989 = Reference(
    key="waples_1989",
    authors="Waples",
    title="A generalized approach for estimating effective population size from temporal changes in allele frequency",
    kind="article",
    venue="Genetics",
    volume="121",
    pages="379-391",
    year=1989,
    url="https://doi.org/10.1093/genetics/121.2.379",
    full_authors="Waples, Robin S.",
)

JORDE_RYMAN_2007 = Reference(
    key="jorde_ryman_2007",
    authors="Jorde, Ryman",
    title="Unbiased estimator for genetic drift and effective population size",
    kind="article",
    venue="Genetics",
    volume="177",
    pages="927-935",
    year=2007,
    url="https://doi.org/10.1534/genetics.107.075481",
    full_authors="Jorde, Per Erik and Ryman, Nils",
)
