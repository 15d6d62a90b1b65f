"""Citations: one record per source, with how well the statement taken from it is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Basis = Literal["read", "authors' notebook", "abstract", "memory", "derived here"]


@dataclass(frozen=True)
class Reference:
    """A source that a law, a bound or a figure rests on.

    Parameters
    ----------
    key : str
        BibTeX key, also the name of the file in ``bounds/`` that states the source's results.
    authors, title, venue : str
        As they should be printed.
    year : int
    url : str
        A lasting address, DOI or arXiv.
    full_authors : str
        As BibTeX writes them, where first names are known.

    Examples
    --------
    >>> from modelcollapse.reference import SURESH_2024
    >>> print(SURESH_2024)
    Suresh, Thangaraj, Khandavally (2025). Rate of Model Collapse in Recursive Training. AISTATS.
    """

    key: str
    authors: str
    title: str
    venue: str
    year: int
    url: str = ""
    full_authors: str = ""

    def __str__(self) -> str:
        return f"{self.authors} ({self.year}). {self.title}. {self.venue}."

    @property
    def short(self) -> str:
        """The source as a text names it in passing.

        Examples
        --------
        >>> SURESH_2024.short
        'Suresh et al. 2025'
        """
        first, *others = self.authors.split(", ")
        second = f" and {others[0]}" if len(others) == 1 else " et al." if others else ""
        return f"{first}{second} {self.year}"

    def bibtex(self) -> str:
        """Return the record as a BibTeX entry."""
        authors = self.full_authors or self.authors.replace(", ", " and ")
        fields = {
            "author": authors,
            "title": f"{{{self.title}}}",
            "year": str(self.year),
            "howpublished": self.venue,
            "url": self.url,
        }
        body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
        return f"@misc{{{self.key},\n{body}\n}}"


SURESH_2024 = Reference(
    key="suresh_2024",
    authors="Suresh, Thangaraj, Khandavally",
    title="Rate of Model Collapse in Recursive Training",
    venue="AISTATS",
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
)

MOHLE_1999 = Reference(
    key="mohle_1999",
    authors="Möhle",
    title="The concept of duality and applications to Markov processes arising in neutral population genetics models",
    venue="Bernoulli 5, 761-777",
    year=1999,
    url="https://doi.org/10.2307/3318443",
)

DE_BOOR_SWARTZ_1973 = Reference(
    key="de_boor_swartz_1973",
    authors="de Boor, Swartz",
    title="Collocation at Gaussian points",
    venue="SIAM Journal on Numerical Analysis 10, 582-606",
    year=1973,
    url="https://doi.org/10.1137/0710052",
)

SEDDIK_2024 = Reference(
    key="seddik_2024",
    authors="Seddik, Chen, Hayou, Youssef, Debbah",
    title="How Bad is Training on Synthetic Data? A Statistical Analysis of Language Model Collapse",
    venue="COLM",
    year=2024,
    url="https://arxiv.org/abs/2404.05090",
)

BERTRAND_2024 = Reference(
    key="bertrand_2024",
    authors="Bertrand, Bose, Duplessis, Jiralerspong, Gidel",
    title="On the Stability of Iterative Retraining of Generative Models on their own Data",
    venue="ICLR",
    year=2024,
    url="https://arxiv.org/abs/2310.00429",
)

SHUMAILOV_2024 = Reference(
    key="shumailov_2024",
    authors="Shumailov, Shumaylov, Zhao, Papernot, Anderson, Gal",
    title="AI models collapse when trained on recursively generated data",
    venue="Nature 631, 755-759",
    year=2024,
    url="https://doi.org/10.1038/s41586-024-07566-y",
)

KIMURA_1955 = Reference(
    key="kimura_1955",
    authors="Kimura",
    title="Solution of a process of random genetic drift with a continuous model",
    venue="Proceedings of the National Academy of Sciences 41, 144-150",
    year=1955,
    url="https://doi.org/10.1073/pnas.41.3.144",
)

KIMURA_1964 = Reference(
    key="kimura_1964",
    authors="Kimura",
    title="Diffusion models in population genetics",
    venue="Journal of Applied Probability 1, 177-232",
    year=1964,
    url="https://doi.org/10.2307/3211856",
)

LITTLER_1975 = Reference(
    key="littler_1975",
    authors="Littler",
    title="Loss of variability at one locus in a finite population",
    venue="Mathematical Biosciences 25, 151-163",
    year=1975,
    url="https://doi.org/10.1016/0025-5564(75)90058-9",
)

EWENS_1972 = Reference(
    key="ewens_1972",
    authors="Ewens",
    title="The sampling theory of selectively neutral alleles",
    venue="Theoretical Population Biology 3, 87-112",
    year=1972,
    url="https://doi.org/10.1016/0040-5809(72)90035-4",
)

EWENS_2004 = Reference(
    key="ewens_2004",
    authors="Ewens",
    title="Mathematical Population Genetics",
    venue="Springer, 2nd edition",
    year=2004,
    url="https://doi.org/10.1007/978-0-387-21822-9",
)

FIRST_EXTINCTION_2025 = Reference(
    key="first_extinction_2025",
    authors="Benati, Londei, Lanzieri, Loreto",
    title="First-Extinction Law for Resampling Processes",
    venue="arXiv; its abstract alone was read, formulas are derived here",
    year=2025,
    url="https://arxiv.org/abs/2509.20101",
)

GOOD_1953 = Reference(
    key="good_1953",
    authors="Good",
    title="The population frequencies of species and the estimation of population parameters",
    venue="Biometrika 40, 237-264",
    year=1953,
    url="https://doi.org/10.1093/biomet/40.3-4.237",
)

GERSTGRASSER_2024 = Reference(
    key="gerstgrasser_2024",
    authors="Gerstgrasser, Schaeffer, Dey, Rafailov, Sleight, Hughes, Korbak, Agrawal, Pai, Gromov, Roberts, Yang, "
    "Donoho, Koyejo",
    title="Is Model Collapse Inevitable? Breaking the Curse of Recursion by Accumulating Real and Synthetic Data",
    venue="COLM",
    year=2024,
    url="https://arxiv.org/abs/2404.01413",
)

DOHMATOB_2024 = Reference(
    key="dohmatob_2024",
    authors="Dohmatob, Feng, Kempe",
    title="Model Collapse Demystified: The Case of Regression",
    venue="NeurIPS; its abstract alone was read, formulas are derived here",
    year=2024,
    url="https://arxiv.org/abs/2402.07712",
)

WANG_NIU_LI_2026 = Reference(
    key="wang_niu_li_2026",
    authors="Wang, Niu, Li",
    title="Can Generative Artificial Intelligence Survive Data Contamination? Theoretical Guarantees under "
    "Contaminated Recursive Training",
    venue="arXiv; its abstract alone was read, formulas are derived here",
    year=2026,
    url="https://arxiv.org/abs/2602.16065",
    full_authors="Wang, Kevin and Niu, Hongqian and Li, Didong",
)

DEY_DONOHO_2024 = Reference(
    key="dey_donoho_2024",
    authors="Dey, Donoho",
    title="Universality of the pi^2/6 Pathway in Avoiding Model Collapse",
    venue="arXiv; its abstract alone was read, formulas are derived here",
    year=2024,
    url="https://arxiv.org/abs/2410.22812",
)

KAZDAN_2024 = Reference(
    key="kazdan_2024",
    authors="Kazdan, Schaeffer, Dey, Gerstgrasser, Rafailov, Donoho, Koyejo",
    title="Collapse or Thrive: Perils and Promises of Synthetic Data in a Self-Generating World",
    venue="ICML, PMLR 267, 29469-29494",
    year=2025,
    url="https://arxiv.org/abs/2410.16713",
)

ALEMOHAMMAD_2024 = Reference(
    key="alemohammad_2024",
    authors="Alemohammad, Casco-Rodriguez, Luzi, Humayun, Babaei, LeJeune, Siahkoohi, Baraniuk",
    title="Self-Consuming Generative Models Go MAD",
    venue="ICLR",
    year=2024,
    url="https://arxiv.org/abs/2307.01850",
)

HE_XU_CHENG_2025 = Reference(
    key="he_xu_cheng_2025",
    authors="He, Xu, Cheng",
    title="Recursive learning without collapse: a weighting-based stabilization framework",
    venue="Journal of the Royal Statistical Society, Series B; its abstract alone was read, formulas are derived here",
    year=2026,
    url="https://arxiv.org/abs/2502.18049",
)

XU_HE_CHENG_2025 = Reference(
    key="xu_he_cheng_2025",
    authors="Xu, He, Cheng",
    title="A Probabilistic Perspective on Model Collapse",
    venue="arXiv; its abstract alone was read, formulas are derived here",
    year=2025,
    url="https://arxiv.org/abs/2505.13947",
)

DEY_DONOHO_2024 = Reference(
    key="dey_donoho_2024",
    authors="Dey, Donoho",
    title="Universality of the pi^2/6 Pathway in Avoiding Model Collapse",
    venue="arXiv; its abstract alone was read, formulas are derived here",
    year=2024,
    url="https://arxiv.org/abs/2410.22812",
)

KANABAR_GASTPAR_2025 = Reference(
    key="kanabar_gastpar_2025",
    authors="Kanabar, Gastpar",
    title="Model Non-Collapse: Minimax Bounds for Recursive Discrete Distribution Estimation",
    venue="IEEE Transactions on Information Theory 72, 1817-1830; abstract read, formulas derived here",
    year=2026,
    url="https://arxiv.org/abs/2501.19273",
)

CHAO_1984 = Reference(
    key="chao_1984",
    authors="Chao",
    title="Nonparametric estimation of the number of classes in a population",
    venue="Scandinavian Journal of Statistics 11, 265-270",
    year=1984,
    url="https://www.jstor.org/stable/4615964",
)

CHAO_1987 = Reference(
    key="chao_1987",
    authors="Chao",
    title="Estimating the population size for capture-recapture data with unequal catchability",
    venue="Biometrics 43, 783-791",
    year=1987,
    url="https://doi.org/10.2307/2531532",
)

ESTY_1983 = Reference(
    key="esty_1983",
    authors="Esty",
    title="A normal limit law for a nonparametric estimator of the coverage of a random sample",
    venue="Annals of Statistics 11, 905-912",
    year=1983,
    url="https://doi.org/10.1214/aos/1176346256",
)

NEI_TAJIMA_1981 = Reference(
    key="nei_tajima_1981",
    authors="Nei, Tajima",
    title="Genetic drift and estimation of effective population size",
    venue="Genetics 98, 625-640",
    year=1981,
    url="https://doi.org/10.1093/genetics/98.3.625",
)

WAPLES_1989 = Reference(
    key="waples_1989",
    authors="Waples",
    title="A generalized approach for estimating effective population size from temporal changes in allele frequency",
    venue="Genetics 121, 379-391",
    year=1989,
    url="https://doi.org/10.1093/genetics/121.2.379",
)

JORDE_RYMAN_2007 = Reference(
    key="jorde_ryman_2007",
    authors="Jorde, Ryman",
    title="Unbiased estimator for genetic drift and effective population size",
    venue="Genetics 177, 927-935",
    year=2007,
    url="https://doi.org/10.1534/genetics.107.075481",
)
